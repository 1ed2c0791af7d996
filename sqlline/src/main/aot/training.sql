-- What ./bindsql runs to record the classes a start needs.
SELECT x, x + 1 AS y, 'a' || c AS z FROM (VALUES (1, 'p'), (2, 'q'), (3, 'r')) AS t (x, c) WHERE x > 1 ORDER BY x DESC LIMIT 2;
SELECT c, COUNT(*), SUM(x), MIN(x) FROM (VALUES (1, 'p'), (2, 'p'), (3, 'r')) AS t (x, c) GROUP BY c ORDER BY 2 DESC;
EXPLAIN PLAN FOR SELECT 1;

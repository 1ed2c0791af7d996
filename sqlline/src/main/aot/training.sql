-- What ./bindsql runs to record the classes that a start needs.
SELECT x, x + 1 AS y, 'a' || c AS z FROM (VALUES (1, 'p'), (2, 'q'), (3, 'r')) AS t (x, c) WHERE x > 1 ORDER BY x DESC LIMIT 2;
SELECT c, COUNT(*), SUM(x), MIN(x) FROM (VALUES (1, 'p'), (2, 'p'), (3, 'r')) AS t (x, c) GROUP BY c ORDER BY 2 DESC;
SELECT * FROM information_schema.tables;
SELECT zone, COUNT(*) FROM bindspace."all" WHERE label IS NOT NULL GROUP BY zone;
SELECT label FROM bindspace.surface ORDER BY hamming_distance(fingerprint, text_fingerprint('x')) LIMIT 3;
EXPLAIN PLAN FOR SELECT label FROM bindspace.surface WHERE depth = 0 ORDER BY hamming_distance(fingerprint, fingerprint_of('x')) LIMIT 3;
CREATE TABLE main.training AS SELECT x, c, text_fingerprint(c) AS fingerprint FROM (VALUES (1, 'p'), (2, 'p'), (3, 'r')) AS t (x, c);
SELECT x FROM main.training WHERE x > 1 AND c = 'p' ORDER BY hamming_distance(fingerprint, text_fingerprint('q')) LIMIT 2;
SELECT COUNT(*) FROM main.training;
DROP TABLE main.training;

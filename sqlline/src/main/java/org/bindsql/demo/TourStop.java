package org.bindsql.demo;

import java.util.List;

/**
 * Question of the tour.
 *
 * @param title the question as people ask it
 * @param sql the question in SQL
 * @param plan whether the plan is shown
 */
record TourStop(String title, String sql, boolean plan) {

  /** The tour. */
  static final List<TourStop> ALL =
      List.of(
          stop(
              "What is there? main.symbols, a Lance table with a row for everything in the java.* modules",
              """
              SELECT kind, COUNT(*) AS symbols, COUNT(DISTINCT class_name) AS classes,
                     SUM(CASE WHEN deprecated THEN 1 ELSE 0 END) AS deprecated
              FROM main.symbols
              GROUP BY kind
              ORDER BY symbols DESC\
              """),
          explained(
              "The ten methods most like \"read bytes from an input stream\", not deprecated, of java.base",
              """
              SELECT class_name, signature,
                     hamming_distance(fingerprint, text_fingerprint('read bytes from an input stream')) AS distance
              FROM main.symbols
              WHERE module = 'java.base' AND kind = 'method' AND NOT deprecated
              ORDER BY distance
              LIMIT 10\
              """),
          explained(
              "The types most like \"a map sorted by its keys\", over BindSpace in memory",
              """
              SELECT dn_path, depth,
                     semantic_distance(fingerprint, text_fingerprint('a map sorted by its keys')) AS distance
              FROM bindspace.nodes
              ORDER BY distance
              LIMIT 5\
              """),
          explained(
              "Only interfaces and abstract classes that many others mention: predicates on the record itself",
              """
              SELECT dn_path, nars_c,
                     semantic_distance(fingerprint, text_fingerprint('stream of elements')) AS distance
              FROM bindspace.nodes
              WHERE schema_passes(fingerprint,
                    '{"kind": {"kinds": ["concept"]}, "graph": {"min_in_degree": 10}}')
              ORDER BY distance
              LIMIT 5\
              """),
          explained(
              "Everything within a radius: what looks like parsing an int",
              """
              SELECT package, class_name, signature,
                     hamming_distance(fingerprint, text_fingerprint('parse int string integer')) AS distance
              FROM main.symbols
              WHERE hamming_distance(fingerprint, text_fingerprint('parse int string integer')) <= 4000
              ORDER BY distance, id\
              """),
          stop(
              "A join: what extends InputStream, and how many methods each adds",
              """
              SELECT sub.dn_path, COUNT(*) AS methods
              FROM bindspace.edges AS e
              JOIN bindspace.nodes AS super ON super.addr = e.target
              JOIN bindspace.nodes AS sub ON sub.addr = e.source
              JOIN main.symbols AS s
                ON s.class_name = sub.label AND s.module = 'java.base' AND s.kind = 'method'
              WHERE super.dn_path = 'java:io:InputStream'
              GROUP BY sub.dn_path
              ORDER BY methods DESC, sub.dn_path\
              """),
          stop(
              "GROUP BY: where most is deprecated",
              """
              SELECT package, COUNT(*) AS symbols, SUM(CASE WHEN deprecated THEN 1 ELSE 0 END) AS deprecated
              FROM main.symbols
              GROUP BY package
              HAVING SUM(CASE WHEN deprecated THEN 1 ELSE 0 END) > 0
              ORDER BY deprecated DESC, package
              LIMIT 5\
              """),
          stop(
              "Analogy by XOR: output stream is to the world of bytes as what is to the world of characters?",
              """
              SELECT dn_path,
                     semantic_distance(fingerprint, analogy(
                       text_fingerprint('output stream'),
                       bundle(xor_bind(fingerprint_of('source'), text_fingerprint('input stream')),
                              xor_bind(fingerprint_of('sink'), text_fingerprint('output stream')),
                              xor_bind(fingerprint_of('unit'), text_fingerprint('byte'))),
                       bundle(xor_bind(fingerprint_of('source'), text_fingerprint('reader')),
                              xor_bind(fingerprint_of('sink'), text_fingerprint('writer')),
                              xor_bind(fingerprint_of('unit'), text_fingerprint('character'))))) AS distance
              FROM bindspace.nodes
              ORDER BY distance
              LIMIT 3\
              """),
          stop(
              "What the second question cost, operator by operator",
              """
              EXPLAIN ANALYZE
              SELECT class_name, signature,
                     hamming_distance(fingerprint, text_fingerprint('read bytes from an input stream')) AS distance
              FROM main.symbols
              WHERE module = 'java.base' AND kind = 'method' AND NOT deprecated
              ORDER BY distance
              LIMIT 10\
              """));

  private static TourStop stop(String title, String sql) {
    return new TourStop(title, sql, false);
  }

  private static TourStop explained(String title, String sql) {
    return new TourStop(title, sql, true);
  }
}

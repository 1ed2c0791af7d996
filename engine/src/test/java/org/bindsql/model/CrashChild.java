package org.bindsql.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Program of {@link RemoteEngine}: runs a statement for every line, and answers with a line. */
final class CrashChild {
  private CrashChild() {}

  public static void main(String[] arguments) throws IOException {
    try (Engine engine = new LocalEngine(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        List<String> request = decode(line);
        System.out.println(
            encode(
                answer(
                    engine.run(
                        Integer.parseInt(request.get(0)),
                        request.get(2),
                        Boolean.parseBoolean(request.get(1))))));
        System.out.flush();
      }
    }
  }

  private static List<String> answer(Engine.Answer answer) {
    List<String> parts = new ArrayList<>();
    parts.add(Long.toString(answer.count()));
    parts.add(answer.state() == null ? "" : answer.state());
    parts.add(answer.message());
    parts.add(Boolean.toString(answer.rows() != null));
    if (answer.rows() != null) {
      parts.addAll(answer.rows());
    }
    return parts;
  }

  static Engine.Answer answer(List<String> parts) {
    return new Engine.Answer(
        Long.parseLong(parts.get(0)),
        Boolean.parseBoolean(parts.get(3)) ? parts.subList(4, parts.size()) : null,
        parts.get(1).isEmpty() ? null : parts.get(1),
        parts.get(2));
  }

  /** Texts as one line. */
  static String encode(List<String> texts) {
    return String.join(
        ",",
        texts.stream()
            .map(t -> Base64.getEncoder().encodeToString(t.getBytes(StandardCharsets.UTF_8)))
            .toList());
  }

  static List<String> decode(String line) {
    List<String> texts = new ArrayList<>();
    for (String part : line.split(",", -1)) {
      texts.add(new String(Base64.getDecoder().decode(part), StandardCharsets.UTF_8));
    }
    return texts;
  }
}

package org.bindsql.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlatformTest {
  private static final Set<String> PACKAGES = Set.of("java.io", "java.util", "java.lang");

  private final List<ApiType> types =
      Platform.types(module -> module.name().equals("java.base"), PACKAGES::contains);
  private final List<Symbol> symbols =
      types.stream().flatMap(type -> Symbol.of(type).stream()).toList();

  @Test
  void membersAreThoseThatReflectionSees() {
    for (Class<?> type :
        List.of(java.io.InputStream.class, java.util.HashMap.class, Thread.class)) {
      Set<String> expected =
          java.util.Arrays.stream(type.getDeclaredMethods())
              .filter(method -> (method.getModifiers() & 5) != 0 && !method.isSynthetic())
              .map(java.lang.reflect.Method::getName)
              .collect(Collectors.toSet());
      Set<String> found =
          symbols.stream()
              .filter(symbol -> symbol.className().equals(type.getSimpleName()))
              .filter(symbol -> symbol.kind().equals("method"))
              .map(Symbol::member)
              .collect(Collectors.toSet());
      assertEquals(expected, found);
    }
  }

  @Test
  void declarationsReadAsInSource() {
    Symbol read =
        symbol("InputStream", "read", "public int read(byte[], int, int) throws IOException");
    assertEquals("read bytes input stream", read.text());
    assertFalse(read.deprecated());
    assertEquals(
        "abstract class InputStream implements Closeable",
        symbols.stream()
            .filter(s -> s.className().equals("InputStream") && s.kind().equals("class"))
            .findFirst()
            .orElseThrow()
            .signature());
    assertTrue(symbol("Thread", "stop", "public final void stop()").deprecated());
    assertEquals("constructor", symbol("HashMap", "HashMap", "public HashMap(int, float)").kind());
    assertEquals(
        "field", symbol("Integer", "MAX_VALUE", "public static final int MAX_VALUE").kind());
  }

  @Test
  void nestedTypesAreNamedWithDotsAndHiddenOnesAreLeftOut() {
    Set<String> names = types.stream().map(ApiType::className).collect(Collectors.toSet());
    assertTrue(names.contains("Map.Entry"));
    assertFalse(names.contains("HashMap.Node"));
    assertTrue(names.stream().noneMatch(name -> name.contains("$")));
    assertTrue(
        types.stream()
            .filter(type -> type.className().equals("HashMap"))
            .findFirst()
            .orElseThrow()
            .references()
            .containsAll(Set.of("java/util/AbstractMap", "java/util/Map", "java/util/Set")));
  }

  @Test
  void namesBecomeWords() {
    assertEquals(List.of("read", "n", "bytes"), Words.ofName("readNBytes"));
    assertEquals(List.of("url", "connection"), Words.ofName("URLConnection"));
    assertEquals(List.of("max", "value"), Words.ofName("MAX_VALUE"));
    assertEquals(List.of("int", "2", "float"), Words.ofName("int2Float"));
    assertEquals(List.of("utf", "16"), Words.ofName("UTF_16"));
    assertEquals(List.of("bytes"), Words.ofType("byte[]"));
    assertEquals(List.of(), Words.ofType("int"));
    assertEquals(List.of("input", "stream"), Words.ofType("InputStream"));
  }

  private Symbol symbol(String className, String member, String signature) {
    Optional<Symbol> found =
        symbols.stream()
            .filter(s -> s.className().equals(className) && s.member().equals(member))
            .filter(s -> s.signature().equals(signature))
            .findFirst();
    return found.orElseThrow(() ->
        new AssertionError(
            symbols.stream()
                .filter(s -> s.className().equals(className) && s.member().equals(member))
                .map(Symbol::signature)
                .toList()
                .toString()));
  }
}

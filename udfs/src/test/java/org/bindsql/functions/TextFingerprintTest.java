package org.bindsql.functions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Text fingerprints: fixed for ever (digests by another program), and useful. */
class TextFingerprintTest {
  @Test
  void goldenValues() {
    assertText(
        "InputStream readAllBytes read all bytes java.io InputStream",
        "aebe457dceb7928d73c977473a29a88b338c00637e11265daa5c536577438a2b");
    assertText(
        "read bytes from an input stream",
        "6f2947521c401219785ce4030d0d41132c3b58fe2d2db70f6b27bb1eef072aa7");
    assertText(
        "Größe \uFB01x HTTPServer2Go A\u0300B",
        "14704ce609cbeea40a4694fd9b52c15f385c2233adf1fa8de55ff54a68f44cfc");
    assertText("a", "4dd2a19f21329987536ce30a45f1370eff5423aec3a9aa750760fa844dc9b54b");
    assertText("x", "4be31e33e8e6255b7c185ff13204b7558cfd108fcd3defea5432e7b85c5a9677");
    assertContent("", "7f13249c1c20e5fefe6316109449be5bbe81151010ab724c94b05fac8ff971fd");
    assertContent("hello", "b12363d5d6b647a54192758a5d70980d82b51794dda78af7b873fbc1c8e03b86");
    assertContent("Füße", "d54387bb0b0e34408400b0f091bfb12553b10b1a440db60d8faf92255a0ea05a");
  }

  private static void assertText(String text, String digest) {
    assertEquals(digest, Codes.sha256(TextFingerprint.of(text)), text);
  }

  private static void assertContent(String text, String digest) {
    assertEquals(digest, Codes.sha256(TextFingerprint.ofContent(text)), text);
  }

  @Test
  void nothingToReadGivesZero() {
    for (String text : List.of("", "  \t\n", "+-*/ ...", "\uD800")) {
      assertArrayEquals(new byte[2048], TextFingerprint.of(text), text);
    }
  }

  @Test
  void tokens() {
    assertEquals(
        Map.of("w:a", 1, "w:id", 4, "g:^id", 1, "g:id$", 1), Map.copyOf(TextFeatures.of("A id a")));
    assertTrue(
        TextFeatures.of("readHTTPHeader_v2Base64")
            .keySet()
            .containsAll(List.of("w:read", "w:http", "w:header", "w:v2", "w:base64")));
    assertArrayEquals(TextFingerprint.of("Read, all BYTES!"), TextFingerprint.of("readAllBytes"));
  }

  @Test
  void likeTextsAreNear() {
    List<String> symbols =
        List.of(
            "InputStream readAllBytes read all bytes java.io InputStream",
            "InputStream transferTo transfer to java.io OutputStream long",
            "OutputStream write write bytes java.io OutputStream",
            "Files newInputStream new input stream java.nio.file Files",
            "Collections sort sort list java.util Collections",
            "String compareToIgnoreCase compare to ignore case java.lang String",
            "Thread interrupt interrupt java.lang Thread",
            "HashMap put put key value java.util HashMap");
    assertEquals(0, nearest("read bytes from an input stream", symbols));
    assertEquals(4, nearest("sorting lists", symbols));
    assertEquals(5, nearest("compare strings ignoring case", symbols));
    assertEquals(6, nearest("interrupt threads", symbols));
    assertEquals(7, nearest("put a key into a hash map", symbols));
  }

  private static int nearest(String query, List<String> texts) {
    MemorySegment code = MemorySegment.ofArray(TextFingerprint.of(query));
    int best = -1;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < texts.size(); i++) {
      MemorySegment other = MemorySegment.ofArray(TextFingerprint.of(texts.get(i)));
      int distance = Bits.hamming(code, 0, other, 0, 2048);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }
}

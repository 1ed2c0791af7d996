package org.bindsql.lance.resident;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of blocks is what was written, or nothing. */
class BlockFileTest {
  private static final String DESCRIPTION = "column 3 of x.lance";
  private static final List<byte[]> BLOCKS = List.of(bytes(100, 1), new byte[0], bytes(37, 5));

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.createDirectory(folder.resolve("hdr")).resolve("x.hdr");
    write(BLOCKS);
  }

  private static byte[] bytes(int length, int factor) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * factor);
    }
    return bytes;
  }

  private void write(List<byte[]> blocks) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      BlockFile.write(
          file,
          DESCRIPTION,
          blocks.stream().map(b -> arena.allocateFrom(ValueLayout.JAVA_BYTE, b)).toList());
    }
  }

  /** The blocks that are read, null for one that is not whole; null if the file is not. */
  private @Nullable List<byte @Nullable []> read(String description) throws IOException {
    try (Arena arena = Arena.ofConfined();
        BlockFile opened = BlockFile.open(file, description)) {
      if (opened == null) {
        return null;
      }
      byte[][] blocks = new byte[opened.blocks()][];
      for (int i = 0; i < blocks.length; i++) {
        MemorySegment into = arena.allocate(opened.bytes(i));
        blocks[i] = opened.read(i, into) ? into.toArray(ValueLayout.JAVA_BYTE) : null;
      }
      return Arrays.asList(blocks);
    }
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    List<byte @Nullable []> read = read(DESCRIPTION);
    assertNotNull(read);
    assertEquals(3, read.size());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(BLOCKS.get(i), read.get(i));
    }
  }

  @Test
  void replacesAnotherAndLeavesNothingElse() throws IOException {
    write(List.of(bytes(3, 2)));
    List<byte @Nullable []> read = read(DESCRIPTION);
    assertNotNull(read);
    assertEquals(1, read.size());
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    MemorySegment closed;
    try (Arena arena = Arena.ofConfined()) {
      closed = arena.allocate(10);
    }
    assertThrows(
        IllegalStateException.class, () -> BlockFile.write(file, "other", List.of(closed)));
    assertNotNull(read(DESCRIPTION));
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void noFileAndForeignFilesAreNothing() throws IOException {
    assertNull(read("column 4 of x.lance"));
    assertNull(read(DESCRIPTION + " "));
    assertNull(read(""));
    Files.delete(file);
    assertNull(read(DESCRIPTION));
    Files.writeString(file, "not one of ours, and longer than any header that could be read");
    assertNull(read(DESCRIPTION));
    Files.write(file, new byte[0]);
    assertNull(read(DESCRIPTION));
  }

  @Test
  void everyFlippedBitIsSeen() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      assertDamaged("bit " + bit);
    }
  }

  @Test
  void everyCutAndEveryTailIsSeen() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertNull(read(DESCRIPTION), "cut to " + length);
      byte[] torn = whole.clone();
      Arrays.fill(torn, length, torn.length, (byte) 0); // as after a power cut
      if (!Arrays.equals(torn, whole)) {
        Files.write(file, torn);
        assertDamaged("zeros from " + length);
      }
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertNull(read(DESCRIPTION), "a byte more");
  }

  /** The file is nothing, or exactly one block of it is missing and the others are right. */
  private void assertDamaged(String how) throws IOException {
    List<byte @Nullable []> read = read(DESCRIPTION);
    if (read == null) {
      return;
    }
    assertFalse(read.stream().allMatch(block -> block != null), how + " is not seen");
    for (int i = 0; i < read.size(); i++) {
      if (read.get(i) != null) {
        assertArrayEquals(BLOCKS.get(i), read.get(i), how);
      }
    }
  }
}

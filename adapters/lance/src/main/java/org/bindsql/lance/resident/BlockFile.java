package org.bindsql.lance.resident;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of blocks with checksums that says of what it was made, so that it is never taken for what
 * it is not.
 *
 * <pre>
 *   header    magic 8 | format 4 | bytes of the description 4 | number of blocks 4
 *             description (UTF-8) | length of each block 8 | CRC32C of each block 4
 *             CRC32C of all that 4
 *   blocks    one after the other, to the end of the file
 * </pre>
 *
 * <p>All numbers are little-endian. The file appears under its name when it is whole and on the
 * disk. A reader believes nothing that a checksum does not cover: a file that is torn, cut short,
 * longer than it says, changed in any bit, of another format or of another description is the same
 * as none.
 */
final class BlockFile implements AutoCloseable {
  private static final byte[] MAGIC = "BINDHDR\n".getBytes(StandardCharsets.US_ASCII);

  /** Changes with the meaning of any byte of the file; that of the blocks is the description's. */
  private static final int FORMAT = 1;

  private static final int FIXED_BYTES = 20;
  private static final int BLOCK_ENTRY_BYTES = 12;
  private static final int CRC_BYTES = 4;

  /** Greatest header that is believed before its checksum is known. */
  private static final int MAX_HEADER_BYTES = 16 << 20;

  private static final String PARTIAL_SUFFIX = ".partial";

  private final FileChannel channel;
  private final long[] offsets;
  private final int[] checksums;

  private BlockFile(FileChannel channel, long[] offsets, int[] checksums) {
    this.channel = channel;
    this.offsets = offsets;
    this.checksums = checksums;
  }

  /**
   * Writes a file into a folder that exists, in the place of one of the same name if there is any.
   *
   * @param description says of what the blocks were made, and how
   */
  static void write(Path file, String description, List<MemorySegment> blocks) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is no file in a folder");
    }
    Path partial = folder.resolve(file.getFileName() + "." + UUID.randomUUID() + PARTIAL_SUFFIX);
    try {
      try (FileChannel out =
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writeFully(out, header(description, blocks));
        for (MemorySegment block : blocks) {
          writeFully(out, block.asByteBuffer());
        }
        out.force(true);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    } catch (java.nio.file.AccessDeniedException e) {
      return; // a system that opens no directories
    }
  }

  /** Whether a file is one that a writer, perhaps a killed one, has not finished. */
  static boolean isPartial(Path file) {
    return file.getFileName().toString().endsWith(PARTIAL_SUFFIX);
  }

  private static ByteBuffer header(String description, List<MemorySegment> blocks) {
    byte[] text = description.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header =
        ByteBuffer.allocate(FIXED_BYTES + text.length + blocks.size() * BLOCK_ENTRY_BYTES + 4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .putInt(FORMAT)
            .putInt(text.length)
            .putInt(blocks.size())
            .put(text);
    blocks.forEach(block -> header.putLong(block.byteSize()));
    blocks.forEach(block -> header.putInt(crc(block.asByteBuffer())));
    int crc = crc(header.duplicate().flip());
    return header.putInt(crc).flip();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /**
   * Opens a file whose header is whole.
   *
   * @param description what the file must say of itself
   * @return null if there is no file, or none that can be believed
   */
  static @Nullable BlockFile open(Path file, String description) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
    BlockFile opened = null;
    try {
      opened = read(channel, description);
      return opened;
    } catch (EOFException e) {
      return null;
    } finally {
      if (opened == null) {
        channel.close();
      }
    }
  }

  private static @Nullable BlockFile read(FileChannel channel, String description)
      throws IOException {
    byte[] wanted = description.getBytes(StandardCharsets.UTF_8);
    ByteBuffer fixed = read(channel, 0, FIXED_BYTES);
    byte[] magic = new byte[MAGIC.length];
    fixed.get(magic);
    if (!Arrays.equals(magic, MAGIC)
        || fixed.getInt() != FORMAT
        || fixed.getInt() != wanted.length) {
      return null;
    }
    long blocks = fixed.getInt();
    long length = FIXED_BYTES + wanted.length + blocks * BLOCK_ENTRY_BYTES + CRC_BYTES;
    if (blocks < 0 || length > MAX_HEADER_BYTES) {
      return null;
    }
    ByteBuffer header = read(channel, 0, (int) length);
    int end = header.limit() - CRC_BYTES;
    if (crc(header.duplicate().limit(end)) != header.getInt(end)) {
      return null;
    }
    byte[] text = new byte[wanted.length];
    header.position(FIXED_BYTES).get(text);
    if (!Arrays.equals(text, wanted)) {
      return null;
    }
    long[] offsets = new long[(int) blocks + 1];
    offsets[0] = length;
    for (int i = 0; i < blocks; i++) {
      offsets[i + 1] = offsets[i] + header.getLong();
    }
    int[] checksums = new int[(int) blocks];
    for (int i = 0; i < blocks; i++) {
      checksums[i] = header.getInt();
    }
    return offsets[(int) blocks] == channel.size()
        ? new BlockFile(channel, offsets, checksums)
        : null;
  }

  private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, offset, bytes);
    return bytes.flip();
  }

  private static void readFully(FileChannel channel, long offset, ByteBuffer into)
      throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int read = channel.read(into, at);
      if (read < 0) {
        throw new EOFException();
      }
      at += read;
    }
  }

  /** Number of blocks. */
  int blocks() {
    return checksums.length;
  }

  /** Bytes of the whole file. */
  long fileBytes() {
    return offsets[offsets.length - 1];
  }

  /** Bytes of a block. */
  long bytes(int block) {
    return offsets[block + 1] - offsets[block];
  }

  /**
   * Reads a block.
   *
   * @param into memory of as many bytes as the block has, at most 2 GiB
   * @return whether it is what was written; if not, the memory may hold anything
   */
  boolean read(int block, MemorySegment into) throws IOException {
    ByteBuffer buffer = into.asByteBuffer();
    try {
      readFully(channel, offsets[block], buffer);
    } catch (EOFException e) {
      return false;
    }
    return crc(buffer.flip()) == checksums[block];
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

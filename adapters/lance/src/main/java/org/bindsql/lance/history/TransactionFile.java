package org.bindsql.lance.history;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What made a version, read from the file that a manifest on disk names.
 *
 * <p>lance-core's own way, {@code Dataset.readTransaction}, ends the process where the operation is
 * one that it cannot show, as the first version of every branch is.
 */
final class TransactionFile {
  private static final int FOOTER_BYTES = 16;

  /** Field of the manifest that holds the name of the transaction's file. */
  private static final int MANIFEST_TRANSACTION = 12;

  private static final Pattern NAME = Pattern.compile("[\\w-]+\\.txn");

  /** Fields of the transaction, of which it has one. */
  private static final Map<Integer, String> OPERATIONS =
      Map.ofEntries(
          Map.entry(100, "Append"),
          Map.entry(101, "Delete"),
          Map.entry(102, "Overwrite"),
          Map.entry(103, "CreateIndex"),
          Map.entry(104, "Rewrite"),
          Map.entry(105, "Merge"),
          Map.entry(106, "Restore"),
          Map.entry(107, "ReserveFragments"),
          Map.entry(108, "Update"),
          Map.entry(109, "Project"),
          Map.entry(110, "UpdateConfig"),
          Map.entry(111, "DataReplacement"),
          Map.entry(112, "UpdateMemWalState"),
          Map.entry(113, "Clone"),
          Map.entry(114, "UpdateBases"));

  private TransactionFile() {}

  /** Lance's name of the operation, or null if it cannot be read or has no name here. */
  static @Nullable String operation(Path manifest) {
    try {
      String name = transaction(manifest);
      if (name == null || !NAME.matcher(name).matches()) {
        return null;
      }
      Path dataset = manifest.resolveSibling("../_transactions").normalize();
      try (InputStream file =
          new BufferedInputStream(Files.newInputStream(dataset.resolve(name)))) {
        CodedInputStream in = CodedInputStream.newInstance(file);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
          String operation = OPERATIONS.get(WireFormat.getTagFieldNumber(tag));
          if (operation != null) {
            return operation;
          }
          in.skipField(tag);
        }
      }
      return null;
    } catch (IOException e) {
      return null; // the file is no part of the version, and may be gone
    }
  }

  /** Name of the file that holds the transaction of a manifest's version. */
  private static @Nullable String transaction(Path manifest) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(manifest)) {
      long end = channel.size() - FOOTER_BYTES;
      if (end < 0) {
        return null;
      }
      long start = read(channel, end, Long.BYTES).getLong();
      if (start < 0 || start > end - Integer.BYTES) {
        return null;
      }
      int length = read(channel, start, Integer.BYTES).getInt();
      InputStream section = new BufferedInputStream(Channels.newInputStream(channel));
      CodedInputStream in = CodedInputStream.newInstance(section);
      in.pushLimit(Math.max(0, length));
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == MANIFEST_TRANSACTION) {
          return in.readString();
        }
        in.skipField(tag);
      }
      return null;
    }
  }

  private static ByteBuffer read(SeekableByteChannel channel, long position, int bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    channel.position(position);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException("manifest ends early");
      }
    }
    return buffer.flip();
  }
}

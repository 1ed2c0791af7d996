package org.bindsql.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.BatchArrowReader;
import org.bindsql.vector.BatchReader;

/** Writes the file format of Arrow IPC, without compression. */
record ArrowCodec() implements FileOutput.Codec {
  @Override
  public long write(Path file, Schema schema, BatchReader rows, ExecutionContext context)
      throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        BatchArrowReader reader = new BatchArrowReader(context.allocator(), schema, rows);
        ArrowFileWriter writer = new ArrowFileWriter(reader.getVectorSchemaRoot(), null, channel)) {
      writer.start();
      while (reader.loadNextBatch()) {
        writer.writeBatch();
      }
      writer.end();
      return reader.rows();
    }
  }
}

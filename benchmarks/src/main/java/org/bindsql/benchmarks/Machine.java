package org.bindsql.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** What a benchmark ran on, as lines of a Markdown list. */
public final class Machine {
  private Machine() {}

  public static String describe() throws IOException {
    Path cpu = Path.of("/proc/cpuinfo");
    String model =
        !Files.exists(cpu)
            ? System.getProperty("os.arch")
            : Files.readAllLines(cpu).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown");
    return """
    * Machine: %s, %d processors, %s %s
    * JDK: %s %s
    * JVM flags: `%s`
    """
        .formatted(
            model,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.vm.name"),
            System.getProperty("java.vm.version"),
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-D")) // of the benchmark, not of the JVM
                .collect(Collectors.joining(" ")));
  }
}

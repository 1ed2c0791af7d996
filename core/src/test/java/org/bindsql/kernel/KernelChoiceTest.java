package org.bindsql.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of {@link KernelChoice}, and of the choice in JVMs with and without the module. */
class KernelChoiceTest {
  @ParameterizedTest
  @CsvSource({
    "amd64, 512, true, , true, ",
    "x86_64, 256, true, , true, ",
    "amd64, 512, true, vector, true, ",
    "amd64, 512, true, scalar, false, ",
    "amd64, 0, false, scalar, false, ",
    "aarch64, 128, true, , false, ",
    "aarch64, 0, false, , false, ",
    "aarch64, 128, true, vector, true, ",
    "amd64, 128, true, vector, true, ",
    "amd64, 0, false, , false, add --add-modules jdk.incubator.vector",
    "aarch64, 0, false, vector, false, add --add-modules jdk.incubator.vector",
    "amd64, 128, true, , false, check -XX:UseAVX and -XX:MaxVectorSize",
    "amd64, 512, true, simd, false, expected scalar or vector",
  })
  void choiceAndRemedy(
      String arch, int bits, boolean readable, String property, boolean vector, String remedy) {
    KernelChoice choice = KernelChoice.choose(arch, bits, readable, property);
    assertEquals(vector, choice.vector());
    if (remedy == null) {
      assertNull(choice.refusal());
    } else {
      assertNotNull(choice.refusal());
      assertTrue(choice.refusal().contains(remedy), choice.refusal());
    }
  }

  @Test
  void withoutTheModuleTheScalarKernelRunsAndOneWarningNamesTheRemedy() throws Exception {
    String output = probe(List.of("-D" + KernelChoice.PROPERTY + "=vector"));
    assertTrue(output.contains("ScalarKernel distance 16"), output);
    String remedy = "add --add-modules jdk.incubator.vector";
    assertEquals(output.indexOf(remedy), output.lastIndexOf(remedy), output);
    assertTrue(output.contains(remedy), output);
  }

  @Test
  void withTheModuleTheVectorKernelRunsSilently() throws Exception {
    String output =
        probe(
            List.of(
                "--add-modules=jdk.incubator.vector", "-D" + KernelChoice.PROPERTY + "=vector"));
    assertTrue(output.contains("VectorKernel distance 16"), output);
    assertFalse(output.contains("Vector API is off"), output);
  }

  @Test
  void thisJvmHasTheModule() {
    assertTrue(KernelHolder.isVectorModuleReadable());
    assertInstanceOf(HammingKernel.class, HammingKernel.get());
  }

  private static String probe(List<String> options) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), KernelProbe.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}

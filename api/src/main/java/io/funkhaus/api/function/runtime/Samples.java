package io.funkhaus.api.function.runtime;

import io.funkhaus.api.bundle.Bundle;
import io.funkhaus.api.bundle.BundleFile;
import io.funkhaus.api.bundle.FilePath;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.problem.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.springframework.stereotype.Component;

/** The code that a new function starts with. The files are those of {@code examples/}. */
@Component
public class Samples {

  public Bundle of(RuntimeName runtime) {
    return switch (Runtimes.Language.of(runtime.value())) {
      case NODEJS -> bundle("examples/hello-nodejs/", "index.js");
      case PYTHON -> bundle("examples/hello-python/", "index.py");
      case OTHER ->
          throw new InvalidValueException(
              "files", null, "there is no sample for " + runtime + "; send files");
    };
  }

  private static Bundle bundle(String folder, String file) {
    try (InputStream content = Samples.class.getClassLoader().getResourceAsStream(folder + file)) {
      if (content == null) {
        throw new IllegalStateException("the sample " + folder + file + " is not in the jar");
      }
      return Bundle.of(List.of(BundleFile.of(new FilePath(file), false, content.readAllBytes())));
    } catch (IOException e) {
      throw new UncheckedIOException("the sample " + folder + file + " could not be read", e);
    }
  }
}

package io.funkhaus.api.function.code;

import io.funkhaus.api.bundle.Bundle;
import io.funkhaus.api.bundle.BundleFile;
import io.funkhaus.api.bundle.FilePath;
import io.funkhaus.api.bundle.Manifest;
import io.funkhaus.api.problem.FieldError;
import io.funkhaus.api.problem.FieldErrors;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.Shown;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a bundle of the {@code files} of a request. A value is the text of the file, or an object
 * like {@link CodeFileBody}. What a request leaves unsaid is taken from the draft: a file given as
 * text keeps its executable mark, a file given by its sha256 keeps its content.
 */
final class CodeFiles {
  static final int MAX_TEXT_BYTES = 1024 * 1024;

  private final JsonMapper json;
  private final Manifest draft;
  private final Function<Manifest.Entry, BundleFile> content;
  private final FieldErrors errors = new FieldErrors();

  /**
   * @param draft the files that are there now
   * @param content opens one of them
   */
  CodeFiles(JsonMapper json, Manifest draft, Function<Manifest.Entry, BundleFile> content) {
    this.json = json;
    this.draft = draft;
    this.content = content;
  }

  /** For a function that is not there yet. */
  static CodeFiles ofNothing(JsonMapper json) {
    return new CodeFiles(
        json,
        new Manifest(List.of()),
        entry -> {
          throw new IllegalStateException("an empty manifest has no entry");
        });
  }

  Bundle bundle(Map<String, JsonNode> files) {
    Map<String, Manifest.Entry> bySha256 = new HashMap<>();
    draft.entries().forEach(entry -> bySha256.put(entry.sha256(), entry));
    List<BundleFile> made = new ArrayList<>();
    for (Map.Entry<String, JsonNode> file : files.entrySet()) {
      try {
        made.add(file(new FilePath(file.getKey()), file.getValue(), bySha256));
      } catch (InvalidValueException e) {
        errors.add(e.error());
      } catch (ProblemException e) {
        errors.add(new FieldError("files", Shown.of(file.getKey()), e.detail()));
      }
    }
    errors.throwIfAny();
    return Bundle.of(made);
  }

  private BundleFile file(FilePath path, JsonNode value, Map<String, Manifest.Entry> bySha256) {
    if (value.isString()) {
      boolean executable = draft.find(path).map(Manifest.Entry::executable).orElse(false);
      return BundleFile.of(path, executable, text(path, value.stringValue()));
    }
    CodeFileBody body = body(path, value);
    boolean executable = Boolean.TRUE.equals(body.executable());
    if (body.sha256() != null) {
      return kept(path, executable, body, bySha256);
    }
    if (body.content() == null) {
      throw invalid(path, "has neither content nor sha256");
    }
    return BundleFile.of(path, executable, decoded(path, body.content(), body.encoding()));
  }

  private CodeFileBody body(FilePath path, JsonNode value) {
    if (!value.isObject()) {
      throw invalid(path, "must be text, or an object with content or sha256");
    }
    try {
      return json.treeToValue(value, CodeFileBody.class);
    } catch (JacksonException e) {
      throw invalid(path, "is not {content, encoding, executable} or {sha256, executable}");
    }
  }

  private BundleFile kept(
      FilePath path, boolean executable, CodeFileBody body, Map<String, Manifest.Entry> bySha256) {
    if (body.content() != null || body.encoding() != null) {
      throw invalid(path, "has sha256 and content; send one of them");
    }
    Manifest.Entry entry =
        Optional.ofNullable(bySha256.get(body.sha256()))
            .orElseThrow(() -> invalid(path, "names a sha256 that no file of the draft has"));
    BundleFile existing = content.apply(entry);
    return new BundleFile(
        path, executable, existing.sizeBytes(), existing.sha256(), existing.content());
  }

  private static byte[] decoded(FilePath path, String content, @Nullable String encoding) {
    if (encoding == null || encoding.equals("utf-8")) {
      return text(path, content);
    }
    if (!encoding.equals("base64")) {
      throw invalid(path, "has encoding " + Shown.of(encoding) + "; it must be utf-8 or base64");
    }
    try {
      return Base64.getDecoder().decode(content);
    } catch (IllegalArgumentException e) {
      throw invalid(path, "is not base64: " + e.getMessage());
    }
  }

  private static byte[] text(FilePath path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_TEXT_BYTES) {
      throw invalid(
          path,
          "is "
              + bytes.length
              + " bytes of text, at most "
              + MAX_TEXT_BYTES
              + " are taken as JSON; send the code as a zip");
    }
    return bytes;
  }

  private static InvalidValueException invalid(FilePath path, String finding) {
    return new InvalidValueException("files", path.value(), Shown.of(path.value()) + " " + finding);
  }
}

package io.funkhaus.api.function.code;

import io.funkhaus.api.bundle.Bundle;
import io.funkhaus.api.bundle.BundleAddress;
import io.funkhaus.api.bundle.BundleFile;
import io.funkhaus.api.bundle.Bundles;
import io.funkhaus.api.bundle.Manifest;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the code of drafts and versions, for editors and for download. */
@Service
public class FunctionCode {
  /** Content of one answer; files beyond it come without theirs. */
  private static final long MAX_CONTENT_BYTES = 8L * 1024 * 1024;

  private final CodeAddresses addresses;
  private final Bundles bundles;
  private final JsonMapper json;

  FunctionCode(CodeAddresses addresses, Bundles bundles, JsonMapper json) {
    this.addresses = addresses;
    this.bundles = bundles;
    this.json = json;
  }

  /** All files; those too large for an editor without their content. */
  public CodeView read(Caller caller, FunctionName name, Qualifier qualifier) {
    BundleAddress address = addresses.of(caller, name, qualifier);
    Manifest manifest = bundles.manifest(caller.tenant(), address);
    List<CodeFileView> files = new ArrayList<>();
    long total = 0;
    for (Manifest.Entry entry : manifest.entries()) {
      boolean withContent =
          entry.sizeBytes() <= CodeFiles.MAX_TEXT_BYTES
              && total + entry.sizeBytes() <= MAX_CONTENT_BYTES;
      total += withContent ? entry.sizeBytes() : 0;
      files.add(withContent ? whole(caller, address, entry) : withoutContent(entry));
    }
    return new CodeView(files, address.sha256(), manifest.sizeBytes());
  }

  /** The code as a zip archive. */
  public InputStream archive(Caller caller, FunctionName name, Qualifier qualifier)
      throws IOException {
    return bundles.archive(caller.tenant(), addresses.of(caller, name, qualifier));
  }

  /** A bundle of the files of a request that replaces the draft's code. */
  public Bundle bundle(Caller caller, FunctionName name, Map<String, JsonNode> files) {
    BundleAddress address = addresses.of(caller, name, Qualifier.DRAFT);
    Manifest manifest = bundles.manifest(caller.tenant(), address);
    return new CodeFiles(json, manifest, entry -> bundles.file(caller.account(), address, entry))
        .bundle(files);
  }

  /** A bundle of the files of a request that creates a function. */
  public Bundle newBundle(Map<String, JsonNode> files) {
    return CodeFiles.ofNothing(json).bundle(files);
  }

  /** The bundle in an uploaded archive; to be closed. */
  public Bundle receiveZip(InputStream body) throws IOException {
    return bundles.receiveZip(body);
  }

  private CodeFileView whole(Caller caller, BundleAddress address, Manifest.Entry entry) {
    BundleFile file = bundles.file(caller.account(), address, entry);
    byte[] bytes;
    try (InputStream content = file.content().open()) {
      bytes = content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("bundle " + address + " could not be read", e);
    }
    Optional<String> text = textOf(bytes);
    return new CodeFileView(
        entry.path().value(),
        text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes)),
        text.isPresent() ? "utf-8" : "base64",
        entry.sizeBytes(),
        entry.executable(),
        entry.sha256());
  }

  /** The text, unless the bytes are none: not UTF-8, or with NUL. */
  private static Optional<String> textOf(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static CodeFileView withoutContent(Manifest.Entry entry) {
    return new CodeFileView(
        entry.path().value(), null, null, entry.sizeBytes(), entry.executable(), entry.sha256());
  }
}

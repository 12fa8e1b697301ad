package io.funkhaus.api.function;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.request;

import io.funkhaus.api.caller.Caller;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the REST API as one caller, without a network. */
public record RestFixture(MockMvc mvc, JsonMapper json, Caller caller) {

  /** What came back. */
  public record Answer(MockHttpServletResponse response, JsonMapper json) {
    public int status() {
      return response.getStatus();
    }

    public JsonNode body() {
      try {
        return json.readTree(response.getContentAsString(StandardCharsets.UTF_8));
      } catch (UnsupportedEncodingException e) {
        throw new IllegalStateException(e);
      }
    }

    public String code() {
      return body().path("code").asString("");
    }

    public @Nullable String header(String name) {
      return response.getHeader(name);
    }
  }

  public Answer get(String path, String... headers) {
    return send(HttpMethod.GET, path, null, headers);
  }

  public Answer delete(String path, String... headers) {
    return send(HttpMethod.DELETE, path, null, headers);
  }

  public Answer post(String path, Object body, String... headers) {
    return send(HttpMethod.POST, path, body, headers);
  }

  public Answer put(String path, Object body, String... headers) {
    return send(HttpMethod.PUT, path, body, headers);
  }

  public Answer patch(String path, Object body, String... headers) {
    return send(HttpMethod.PATCH, path, body, headers);
  }

  /** A body that is a string is sent as it is, bytes as a zip, everything else as JSON. */
  private Answer send(HttpMethod method, String path, @Nullable Object body, String... headers) {
    MockHttpServletRequestBuilder request = request(method, "/api/v1" + path);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    switch (body) {
      case null -> {}
      case byte[] zip -> request.contentType("application/zip").content(zip);
      case String text -> request.contentType(MediaType.APPLICATION_JSON).content(text);
      default ->
          request.contentType(MediaType.APPLICATION_JSON).content(json.writeValueAsString(body));
    }
    request.with(made -> {
      caller.attachTo(made);
      return made;
    });
    try {
      return new Answer(mvc.perform(request).andReturn().getResponse(), json);
    } catch (Exception e) {
      throw new IllegalStateException(method + " " + path + " failed", e);
    }
  }

  public Answer createHello() {
    return post("/functions", Map.of("name", "hello", "runtime", "nodejs22.x"));
  }
}

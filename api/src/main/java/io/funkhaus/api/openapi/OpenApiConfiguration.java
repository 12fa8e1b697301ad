package io.funkhaus.api.openapi;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.testevent.TestEventName;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What of the description is the same for every call, and the words for each of them. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
  private static final String API_KEY = "apiKey";
  private static final String SESSION = "session";
  private static final String CSRF = "csrfToken";
  private static final String INVOKE = "POST /api/v1/functions/{name}/invocations";
  private static final String UPLOAD = "PUT /api/v1/functions/{name}/code";
  private static final String DESCRIPTION =
      """
      Everything the console does is a call of this API.

      Errors are problem documents (RFC 9457) with a stable `code`. What belongs to another workspace does not exist: 404. \
      Lists answer `items` and `nextCursor`. Edits name the ETag they were made from in `If-Match`. Times are ISO 8601 in \
      UTC; names of durations end in `Millis`, of sizes in `Bytes`; `memory` is in MB and `timeout` in seconds. Every \
      answer has `X-Request-Id`.\
      """;

  static {
    SpringDocUtils.getConfig()
        .addRequestWrapperToIgnore(Caller.class)
        .replaceWithClass(FunctionName.class, String.class)
        .replaceWithClass(AliasName.class, String.class)
        .replaceWithClass(TestEventName.class, String.class)
        .replaceWithClass(JsonNode.class, Object.class);
  }

  @Bean
  OpenAPI description() {
    return new OpenAPI()
        .info(new Info().title("Funkhaus").version("1").description(DESCRIPTION))
        .addServersItem(new Server().url("/").description("This installation"))
        .addSecurityItem(new SecurityRequirement().addList(API_KEY))
        .addSecurityItem(new SecurityRequirement().addList(SESSION).addList(CSRF))
        .components(
            new Components()
                .addSecuritySchemes(
                    API_KEY,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("fk_<id>_<secret>_<checksum>")
                        .description("An API key, made in the console or by POST /keys"))
                .addSecuritySchemes(
                    SESSION,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.COOKIE)
                        .name("funkhaus-session")
                        .description("The console's session"))
                .addSecuritySchemes(
                    CSRF,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.HEADER)
                        .name("X-CSRF-TOKEN")
                        .description("With the session, on every call that changes something")));
  }

  @Bean
  OpenApiCustomizer words() {
    return api -> {
      // Added last: schemas that no controller refers to are dropped before.
      api.getComponents().addSchemas("Problem", problem());
      api.getPaths()
          .forEach((path, item) ->
              item.readOperationsMap()
                  .forEach((method, operation) -> describe(method, path, operation)));
    };
  }

  private static void describe(PathItem.HttpMethod method, String path, Operation operation) {
    String call = method + " " + path;
    Words.Operation words = Words.operation(call);
    if (words != null) {
      operation
          .tags(List.of(words.tag()))
          .summary(words.summary())
          .description(words.description());
    }
    if (operation.getDescription() == null) {
      operation.description(operation.getSummary());
    }
    describeParameters(operation);
    if (call.equals(INVOKE)) {
      describeInvocation(operation);
    }
    if (call.equals(UPLOAD)) {
      operation
          .getRequestBody()
          .getContent()
          .addMediaType("application/zip", new MediaType().schema(binary()));
    }
    for (ApiResponse response : operation.getResponses().values()) {
      response.addHeaderObject(
          "X-Request-Id",
          new Header()
              .description("Id of this request; for an invocation, of the invocation")
              .schema(uuid()));
    }
    operation
        .getResponses()
        .addApiResponse(
            ApiResponses.DEFAULT,
            new ApiResponse()
                .description("An error")
                .content(
                    new Content()
                        .addMediaType(
                            "application/problem+json",
                            new MediaType()
                                .schema(new Schema<>().$ref("#/components/schemas/Problem")))));
  }

  private static void describeParameters(Operation operation) {
    if (operation.getParameters() == null) {
      return;
    }
    for (Parameter parameter : operation.getParameters()) {
      if (parameter.getDescription() == null) {
        parameter.description(Words.parameter(parameter.getName()));
      }
    }
  }

  private static void describeInvocation(Operation operation) {
    List<Parameter> parameters =
        operation.getParameters() == null
            ? new ArrayList<>()
            : new ArrayList<>(operation.getParameters());
    parameters.add(
        new Parameter()
            .in("query")
            .name("qualifier")
            .description(Words.parameter("qualifier"))
            .schema(string("")));
    operation.setParameters(parameters);
    operation.requestBody(
        new RequestBody()
            .description("The event: any JSON; nothing is {}")
            .content(
                new Content()
                    .addMediaType("application/json", new MediaType().schema(new Schema<>()))));
    operation.getResponses().clear();
    operation
        .getResponses()
        .addApiResponse(
            "200",
            new ApiResponse()
                .description("What the handler returned")
                .content(
                    new Content()
                        .addMediaType("application/json", new MediaType().schema(new Schema<>()))
                        .addMediaType("text/event-stream", new MediaType().schema(string("")))));
  }

  private static Schema<?> problem() {
    Schema<Object> error = object();
    error.addProperty("field", string("Which member of the request"));
    error.addProperty("value", new Schema<>().description("What was sent"));
    error.addProperty("message", string("The rule, and how it was broken"));
    Schema<Object> problem = object();
    problem.description("RFC 9457; further members belong to the code");
    problem.addProperty("type", string("A URI for the code"));
    problem.addProperty("title", string("The same for every problem of this code"));
    problem.addProperty("status", new Schema<>().types(Set.of("integer")).type("integer"));
    problem.addProperty("detail", string("About this very case, and what to do"));
    problem.addProperty("code", string("Stable name for programs"));
    problem.addProperty("requestId", string("As in X-Request-Id"));
    problem.addProperty("errors", errors(error));
    problem.required(List.of("type", "title", "status", "detail", "code", "requestId"));
    return problem;
  }

  private static Schema<Object> object() {
    Schema<Object> schema = new Schema<>();
    schema.types(Set.of("object")).type("object");
    return schema;
  }

  private static Schema<Object> errors(Schema<?> error) {
    Schema<Object> schema = new Schema<>();
    schema.types(Set.of("array")).setType("array");
    schema.setItems(error);
    schema.setDescription("With code InvalidParameter: everything that was wrong");
    return schema;
  }

  private static Schema<Object> string(String description) {
    Schema<Object> schema = new Schema<>();
    schema.types(Set.of("string")).setType("string");
    if (!description.isEmpty()) {
      schema.setDescription(description);
    }
    return schema;
  }

  private static Schema<Object> uuid() {
    Schema<Object> schema = string("");
    schema.setFormat("uuid");
    return schema;
  }

  private static Schema<Object> binary() {
    Schema<Object> schema = string("A zip archive");
    schema.setFormat("binary");
    return schema;
  }
}

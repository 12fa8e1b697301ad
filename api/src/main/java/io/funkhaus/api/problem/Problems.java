package io.funkhaus.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.CharConversionException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;
import org.springframework.validation.BindException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Which problem an exception is. What is not known here is a 500 that says nothing but its id. */
final class Problems {
  private Problems() {}

  static ProblemException of(Exception exception, HttpServletRequest request) {
    InvalidValueException invalid = cause(exception, InvalidValueException.class);
    if (invalid != null) {
      return FieldErrors.problem(List.of(invalid.error()));
    }
    ProblemException problem = cause(exception, ProblemException.class);
    if (problem != null) {
      return problem;
    }
    return switch (exception) {
      case HttpMessageNotReadableException e -> unreadable(e, request);
      case NoResourceFoundException e -> ProblemException.nothingAt(request.getRequestURI());
      case NoHandlerFoundException e -> ProblemException.nothingAt(request.getRequestURI());
      case HttpRequestMethodNotSupportedException e -> wrongMethod(e, request);
      case HttpMediaTypeNotSupportedException e -> wrongContentType(e);
      case HttpMediaTypeNotAcceptableException e -> wrongAccept(e);
      case MissingServletRequestParameterException e ->
          field(e.getParameterName(), null, e.getParameterName() + " is missing in the query");
      case MethodArgumentTypeMismatchException e ->
          field(e.getName(), e.getValue(), typeMismatch(e.getName(), e));
      case TypeMismatchException e -> {
        String name = e.getPropertyName() == null ? "value" : e.getPropertyName();
        yield field(name, e.getValue(), typeMismatch(name, e));
      }
      case BindException e -> bind(e);
      case DataAccessResourceFailureException e -> databaseAway();
      case QueryTimeoutException e -> databaseAway();
      case CannotCreateTransactionException e -> databaseAway();
      case DataAccessException e when connectionLost(e) -> databaseAway();
      case TransactionException e when connectionLost(e) -> databaseAway();
      case ErrorResponse e -> general(e);
      default -> annotated(exception);
    };
  }

  private static ProblemException unreadable(
      HttpMessageNotReadableException exception, HttpServletRequest request) {
    if (brokeOff(exception)) {
      return ServerErrors.bodyIncomplete(request);
    }
    JacksonException cause = cause(exception, JacksonException.class);
    return switch (cause) {
      case null -> bodyMissing();
      case UnrecognizedPropertyException e -> unknownMember(e);
      case StreamConstraintsException e -> overLimit(e);
      case InputCoercionException e -> wrong(e, "is a number out of range");
      case StreamReadException e -> notJson(e);
      case MismatchedInputException e when e.getOriginalMessage().startsWith("No content") ->
          bodyMissing();
      case MismatchedInputException e when e.getOriginalMessage().startsWith("Trailing token") ->
          notJson(e);
      case DatabindException e -> wrong(e, "has the wrong type");
      default -> ProblemException.badRequest("InvalidJson", "The body could not be read as JSON.");
    };
  }

  /**
   * A body in no known encoding is there, but the parser says so with the same kind of exception.
   */
  private static boolean brokeOff(HttpMessageNotReadableException exception) {
    IOException cause = cause(exception, IOException.class);
    return cause != null && !(cause instanceof CharConversionException);
  }

  private static ProblemException bodyMissing() {
    return ProblemException.badRequest(
        "RequestBodyMissing", "This call needs a JSON body, and the request has none.");
  }

  private static ProblemException notJson(JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    String where =
        location == null || location.getLineNr() < 1
            ? ""
            : " in line " + location.getLineNr() + ", column " + location.getColumnNr();
    return at(
        e,
        ProblemException.badRequest(
            "InvalidJson", "The body is not JSON" + where + ": " + JsonMistake.of(e) + "."));
  }

  private static ProblemException wrong(JacksonException e, String what) {
    String path = path(e);
    String field = path.isEmpty() ? "body" : path;
    return at(e, field(field, null, field + " " + what + "; see /api/v1/openapi.json"));
  }

  /** The parser has one exception for all of its limits; only its text tells which one it was. */
  private static ProblemException overLimit(StreamConstraintsException e) {
    if (e.getOriginalMessage().startsWith("Document length")) {
      return new ProblemException(
          HttpStatus.CONTENT_TOO_LARGE,
          "BodyTooLarge",
          "Body too large",
          "The body is longer than the "
              + JsonRules.MAX_BODY_BYTES
              + " bytes that a JSON body may have; send code as a zip archive.");
    }
    return at(
        e,
        ProblemException.badRequest(
            "InvalidJson", "The body goes over a limit for JSON: " + JsonMistake.of(e) + "."));
  }

  private static ProblemException unknownMember(UnrecognizedPropertyException e) {
    String path = path(e);
    String known =
        e.getKnownPropertyIds() == null
            ? ""
            : e.getKnownPropertyIds().stream()
                .map(String::valueOf)
                .sorted()
                .collect(Collectors.joining(", ", "; known are ", ""));
    FieldError error =
        new FieldError(path, null, path + " is not a member of this request" + known);
    return at(
        e,
        ProblemException.badRequest("UnknownMember", error.message())
            .with("errors", List.of(error)));
  }

  private static ProblemException at(JacksonException e, ProblemException problem) {
    TokenStreamLocation location = e.getLocation();
    if (location == null || location.getLineNr() < 1) {
      return problem;
    }
    return problem.with("line", location.getLineNr()).with("column", location.getColumnNr());
  }

  private static String path(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference reference : e.getPath()) {
      if (reference.getPropertyName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
        continue;
      }
      path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
    }
    return path.toString();
  }

  private static ProblemException wrongMethod(
      HttpRequestMethodNotSupportedException e, HttpServletRequest request) {
    String supported =
        e.getSupportedMethods() == null
            ? "other methods"
            : String.join(", ", e.getSupportedMethods());
    return new ProblemException(
        HttpStatus.METHOD_NOT_ALLOWED,
        "MethodNotAllowed",
        "Method not allowed",
        request.getRequestURI()
            + " does not take "
            + e.getMethod()
            + ", it takes "
            + supported
            + ".");
  }

  private static ProblemException wrongContentType(HttpMediaTypeNotSupportedException e) {
    return new ProblemException(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        "UnsupportedMediaType",
        "Unsupported media type",
        "Content-Type "
            + (e.getContentType() == null
                ? "is missing"
                : e.getContentType() + " is not taken here")
            + "; send "
            + types(e.getSupportedMediaTypes())
            + ".");
  }

  private static ProblemException wrongAccept(HttpMediaTypeNotAcceptableException e) {
    return new ProblemException(
        HttpStatus.NOT_ACCEPTABLE,
        "NotAcceptable",
        "Not acceptable",
        "The answer cannot be made in a type that Accept asks for; it can be "
            + types(e.getSupportedMediaTypes())
            + ".");
  }

  private static String types(List<MediaType> types) {
    if (types.isEmpty()) {
      return MediaType.APPLICATION_JSON_VALUE;
    }
    return types.stream()
        .map(MediaType::toString)
        .filter(type -> !type.contains("*+"))
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  private static String typeMismatch(String name, TypeMismatchException e) {
    Class<?> type = e.getRequiredType();
    String wanted =
        type == null ? "valid" : "a " + type.getSimpleName().toLowerCase(java.util.Locale.ROOT);
    return name + " must be " + wanted + ", was " + e.getValue();
  }

  private static ProblemException bind(BindException e) {
    return FieldErrors.problem(
        e.getFieldErrors().stream()
            .map(
                f -> new FieldError(f.getField(), null, f.getField() + " " + f.getDefaultMessage()))
            .toList());
  }

  private static ProblemException field(String field, @Nullable Object value, String message) {
    return FieldErrors.problem(List.of(new FieldError(field, value, message)));
  }

  private static ProblemException databaseAway() {
    return new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE,
            "DatabaseUnavailable",
            "Database unavailable",
            "The database does not answer at the moment; try again shortly.")
        .retryAfter(Duration.ofSeconds(5));
  }

  /**
   * Whether a statement, a commit or a rollback found no connection any more: class 08 or 57P of <a
   * href="https://www.postgresql.org/docs/18/errcodes-appendix.html">PostgreSQL's codes</a>, or
   * none when the pool has closed it.
   */
  private static boolean connectionLost(Exception exception) {
    SQLException cause = cause(exception, SQLException.class);
    if (cause == null) {
      return false;
    }
    String state = cause.getSQLState();
    return state == null || state.startsWith("08") || state.startsWith("57P");
  }

  private static ProblemException general(ErrorResponse e) {
    HttpStatus status = HttpStatus.resolve(e.getStatusCode().value());
    if (status == null || status.is5xxServerError()) {
      return internal();
    }
    String detail = e.getBody().getDetail();
    return new ProblemException(
        status,
        status.getReasonPhrase().replace(" ", ""),
        status.getReasonPhrase(),
        detail == null ? status.getReasonPhrase() : detail);
  }

  private static ProblemException annotated(Exception exception) {
    ResponseStatus annotation =
        AnnotatedElementUtils.findMergedAnnotation(exception.getClass(), ResponseStatus.class);
    if (annotation == null || annotation.code().is5xxServerError()) {
      return internal();
    }
    String name = exception.getClass().getSimpleName().replaceFirst("Exception$", "");
    return new ProblemException(
        annotation.code(),
        name,
        annotation.code().getReasonPhrase(),
        String.valueOf(exception.getMessage()));
  }

  static ProblemException internal() {
    return new ProblemException(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "InternalError",
        "Internal error",
        "Something broke on our side. Whoever runs this installation finds the cause in the service log by the request id.");
  }

  private static <T extends Throwable> @Nullable T cause(Throwable exception, Class<T> type) {
    Throwable current = exception;
    for (int depth = 0; current != null && depth < 10; depth++) {
      if (type.isInstance(current)) {
        return type.cast(current);
      }
      current = current.getCause();
    }
    return null;
  }
}

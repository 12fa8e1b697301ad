package io.funkhaus.api.caller;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/** A key of scope invoke asked for more than calling functions. */
@ResponseStatus(HttpStatus.FORBIDDEN)
public class ScopeTooNarrowException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ScopeTooNarrowException() {
    super(
        "this API key has scope invoke, which may only call functions; use a key of scope full, made under API keys"
            + " in the console");
  }
}

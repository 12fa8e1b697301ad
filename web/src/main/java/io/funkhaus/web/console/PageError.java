package io.funkhaus.web.console;

/** What an error page says: never more than the status allows a stranger to know. */
public record PageError(int status, String title, String advice) {

  static PageError of(int status) {
    return switch (status) {
      case 400 ->
          new PageError(
              status, "That request made no sense", "Go back, check the address and try again.");
      case 401 -> new PageError(status, "You are not signed in", "Sign in to see this page.");
      case 403 ->
          new PageError(
              status,
              "Not for this account",
              "Your session may have ended while this page was open. Go back, reload and try again; "
                  + "if that does not help, sign in with an account that may do this.");
      case 404 ->
          new PageError(
              status,
              "Nothing on this frequency",
              "What this address names does not exist in this workspace. It may have been deleted or "
                  + "renamed, or it belongs to another workspace.");
      case 405 ->
          new PageError(status, "Not this way", "This address does not take that kind of request.");
      case 429 ->
          new PageError(
              status,
              "Too many requests",
              "Wait a moment and try again. The limit exists so that nobody can guess passwords.");
      default ->
          new PageError(
              status,
              "The service failed",
              "This is not your doing. Try again; if it stays, give the request id below to whoever "
                  + "runs this service: the log has the cause under it.");
    };
  }
}

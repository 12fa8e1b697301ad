package io.funkhaus.scheduler.engine;

/**
 * The labels that every container of ours carries. Whose function runs in it is not among them:
 * that is decided after it was made, and labels cannot be changed; the service's log and its book
 * know.
 */
public final class Labels {
  /** Which installation: containers of another one are never touched. */
  public static final String INSTANCE = "fn.instance";

  /** Which run of the service; grows with every start. */
  public static final String EPOCH = "fn.epoch";

  public static final String SANDBOX = "fn.sandbox";

  /** Which language runtime waits in it. */
  public static final String RUNTIME = "fn.runtime";

  /** How thick its wall is. */
  public static final String ISOLATION = "fn.isolation";

  private Labels() {}
}

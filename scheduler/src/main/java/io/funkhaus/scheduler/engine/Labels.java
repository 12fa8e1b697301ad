package io.funkhaus.scheduler.engine;

/** The labels that every container of ours carries: the truth about whose it is. */
public final class Labels {
  /** Which installation: containers of another one are never touched. */
  public static final String INSTANCE = "fn.instance";

  /** Which run of the service; grows with every start. */
  public static final String EPOCH = "fn.epoch";

  public static final String SANDBOX = "fn.sandbox";
  public static final String TENANT = "fn.tenant";
  public static final String FUNCTION = "fn.function";
  public static final String VERSION = "fn.version";

  private Labels() {}
}

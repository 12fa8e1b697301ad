package io.funkhaus.scheduler.sandbox;

/** What one sandbox consists of: made once, shared by its start, its use and its end. */
record SandboxParts(
    Sandbox.Identity identity,
    Sandbox.Surroundings surroundings,
    SandboxDirectory directory,
    SandboxChannel channel,
    Control control,
    LogCapture log,
    ControlGroup group,
    Freezer freezer,
    Diagnosis diagnosis,
    Lifecycle life) {

  static SandboxParts of(
      Sandbox.Identity identity,
      SandboxDirectory directory,
      Connections connections,
      Sandbox.Surroundings surroundings) {
    Control control = new Control(connections.control());
    LogCapture log = new LogCapture(connections.log());
    ControlGroup group = ControlGroup.of(identity.container());
    return new SandboxParts(
        identity,
        surroundings,
        directory,
        new SandboxChannel(connections.channel()),
        control,
        log,
        group,
        new Freezer(identity.id(), surroundings.freezing().apply(identity.container())),
        new Diagnosis(
            identity, surroundings.ticker(), surroundings.engineSays(), control, log, group),
        new Lifecycle());
  }

  String id() {
    return identity.id();
  }

  String container() {
    return identity.container();
  }

  long now() {
    return surroundings.ticker().nanos();
  }
}

package io.funkhaus.scheduler.engine;

/** Who answers: for the log and for operators. */
public record EngineInfo(String name, String version) {}

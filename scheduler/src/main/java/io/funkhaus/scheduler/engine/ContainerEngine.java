package io.funkhaus.scheduler.engine;

import java.util.List;
import java.util.Map;

/**
 * What the scheduler asks of a container engine, and nothing more. Every call has a deadline of its
 * own and ends with an {@link EngineException} when the engine did not answer in time.
 *
 * <p>Two implementations: Docker, and one without containers for tests. Both pass the same contract
 * test.
 */
public interface ContainerEngine extends AutoCloseable {

  /** Makes a container that does not run yet, and returns the engine's id of it. */
  String create(ContainerSpec spec) throws EngineException;

  void start(String container) throws EngineException;

  /** Kills and forgets the container. Removing one that is not there is no error. */
  void remove(String container) throws EngineException;

  ContainerState inspect(String container) throws EngineException;

  /** All containers, running or not, that carry these labels. */
  List<ContainerListing> list(Map<String, String> labels) throws EngineException;

  /** Changes what a container that runs may use. */
  void updateLimits(String container, ContainerLimits limits) throws EngineException;

  /** Stops every process of a container that runs. */
  void pause(String container) throws EngineException;

  /** Lets them go on. Of one that is not paused it is no error. */
  void unpause(String container) throws EngineException;

  boolean hasImage(String image) throws EngineException;

  /** Asks the engine who it is: the cheapest proof that it answers. */
  EngineInfo ping() throws EngineException;

  @Override
  void close();
}

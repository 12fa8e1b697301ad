package io.funkhaus.scheduler.engine;

import io.funkhaus.scheduler.SchedulerFixture;

class DockerEngineContractIT extends ContainerEngineContract {
  @Override
  ContainerEngine engine() {
    return SchedulerFixture.dockerEngine();
  }

  @Override
  String image() {
    return "funkhaus/sandbox-nodejs22.x:dev";
  }
}

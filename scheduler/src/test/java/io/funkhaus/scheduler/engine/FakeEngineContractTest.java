package io.funkhaus.scheduler.engine;

class FakeEngineContractTest extends ContainerEngineContract {
  @Override
  ContainerEngine engine() {
    return new FakeEngine(FakeFunction.ECHO, image());
  }

  @Override
  String image() {
    return "fake:dev";
  }
}

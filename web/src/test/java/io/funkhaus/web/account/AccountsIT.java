package io.funkhaus.web.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Signing up, in and out, over HTTP. */
class AccountsIT {

  private final RunningService service = RunningService.shared();

  @Test
  void signing_up_creates_a_workspace_with_a_twelve_digit_account_id_and_its_owner() {
    Workspace workspace = Workspace.signUp(service);

    HttpResponse<String> answer = workspace.browser().get("/api/v1/whoami");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode whoami = Workspace.json(answer);
    assertThat(whoami.at("/tenant/accountId").asString()).matches("[1-9][0-9]{11}");
    assertThat(whoami.at("/user/email").asString()).isEqualTo(workspace.email());
    assertThat(whoami.at("/user/role").asString()).isEqualTo("owner");
    assertThat(whoami.has("key")).isFalse();
  }
}

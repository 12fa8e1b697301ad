package io.funkhaus.api.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/whoami}: tells callers who they are, to try a key out. */
@RestController
class WhoamiController {

  private final Tenants tenants;

  WhoamiController(Tenants tenants) {
    this.tenants = tenants;
  }

  /** The answer; either the user or the key is there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Whoami(TenantView tenant, @Nullable UserView user, @Nullable KeyView key) {}

  /** The caller's tenant. */
  record TenantView(String accountId, String name) {}

  /** The caller, when it is a person. */
  record UserView(String email, String role) {}

  /** The caller, when it is a key. */
  record KeyView(String id, String name, Scope scope) {}

  @GetMapping("/api/v1/whoami")
  Whoami whoami(Caller caller) {
    return switch (caller.actor()) {
      case Actor.Key key ->
          new Whoami(
              view(tenants.find(caller.tenant()).orElseThrow()),
              null,
              new KeyView(key.id().value(), key.name(), caller.scope()));
      case Actor.User user -> {
        Member member = tenants.member(caller.tenant(), user.id()).orElseThrow();
        yield new Whoami(
            view(member.tenant()), new UserView(user.email(), member.role().word()), null);
      }
    };
  }

  private static TenantView view(Tenant tenant) {
    return new TenantView(tenant.account().value(), tenant.name());
  }
}

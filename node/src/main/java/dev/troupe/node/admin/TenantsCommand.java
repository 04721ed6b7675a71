package dev.troupe.node.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.node.UserError;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troupe tenants}: who shares the pool. */
@Command(
        name = "tenants",
        description = "Say who shares a running pool, and how much of it each may have.",
        subcommands = {
            TenantsCommand.Create.class,
            TenantsCommand.Listing.class,
            TenantsCommand.Show.class,
            TenantsCommand.Update.class,
            TenantsCommand.Delete.class
        })
public final class TenantsCommand implements Runnable {
    private static final String PATH = "tenants";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what about the tenants: create, list, show, update, delete?");
    }

    @Command(name = "create", description = "Let somebody new share the pool.", sortOptions = false)
    static final class Create implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "Letters, digits, '.', '_' and '-'.")
        private String name;

        @Mixin
        private TenantOptions tenant;

        @Mixin
        private AdminOptions admin;

        @Mixin
        private Output output;

        @Override
        public Integer call() throws InterruptedException {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name);
            body.setAll(tenant.body());
            show(admin.client().post(PATH, body), output);
            return 0;
        }
    }

    @Command(name = "list", description = "All of them.", sortOptions = false)
    static final class Listing implements Callable<Integer> {
        @Mixin
        private AdminOptions admin;

        @Mixin
        private Output output;

        @Override
        public Integer call() throws InterruptedException {
            JsonNode answer = admin.client().get(PATH);
            output.print(answer, out -> {
                Table table = table();
                answer.path("data").forEach(tenant -> add(table, tenant));
                table.print(out);
            });
            return 0;
        }
    }

    @Command(name = "show", description = "One of them.", sortOptions = false)
    static final class Show implements Callable<Integer> {
        @Parameters(paramLabel = "NAME")
        private String name;

        @Mixin
        private AdminOptions admin;

        @Mixin
        private Output output;

        @Override
        public Integer call() throws InterruptedException {
            show(admin.client().get(path(name)), output);
            return 0;
        }
    }

    @Command(name = "update", description = "Change what is named; the rest stays as it is.", sortOptions = false)
    static final class Update implements Callable<Integer> {
        @Parameters(paramLabel = "NAME")
        private String name;

        @Mixin
        private TenantOptions tenant;

        @Mixin
        private AdminOptions admin;

        @Mixin
        private Output output;

        @Override
        public Integer call() throws InterruptedException {
            ObjectNode body = tenant.body();
            if (body.isEmpty()) {
                throw new UserError("nothing to change; name at least one option, such as --weight");
            }
            show(admin.client().patch(path(name), body), output);
            return 0;
        }
    }

    @Command(
            name = "delete",
            description = "Revoke all its keys at once, and forget it. What it has used stays written down.",
            sortOptions = false)
    static final class Delete implements Callable<Integer> {
        @Parameters(paramLabel = "NAME")
        private String name;

        @Mixin
        private AdminOptions admin;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws InterruptedException {
            admin.client().delete(path(name));
            spec.commandLine().getOut().println("Deleted " + name + "; its keys open nothing any more.");
            return 0;
        }
    }

    private static String path(String name) {
        return PATH + "/" + AdminClient.part(name);
    }

    private static void show(JsonNode tenant, Output output) {
        output.print(tenant, out -> {
            Table table = table();
            add(table, tenant);
            table.print(out);
        });
    }

    private static Table table() {
        return new Table("NAME", "WEIGHT", "PRIORITY", "LIMITS", "MODELS", "LOGGING", "CREATED (UTC)");
    }

    private static void add(Table table, JsonNode tenant) {
        table.add(
                tenant.path("name").asText(),
                tenant.path("weight").asText(),
                tenant.path("priority").asText(),
                Table.limits(tenant.path("limits")),
                Table.words(tenant.path("models"), "all"),
                tenant.path("logging").asText(),
                Table.time(tenant.path("created_at")));
    }
}

package dev.troupe.node.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.node.Seconds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troupe keys}: what lets tenants in. */
@Command(
        name = "keys",
        description = "Make, list, revoke and rotate the keys of a running pool.",
        subcommands = {
            KeysCommand.Create.class,
            KeysCommand.Listing.class,
            KeysCommand.Revoke.class,
            KeysCommand.Rotate.class
        })
public final class KeysCommand implements Runnable {
    private static final String PATH = "keys";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what about the keys: create, list, revoke, rotate?");
    }

    @Command(
            name = "create",
            description = "Make a key and print it, this once: only its hash is kept.",
            sortOptions = false)
    static final class Create implements Callable<Integer> {
        @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "Whose it shall be.")
        private String tenant;

        @Option(
                names = "--scopes",
                split = ",",
                paramLabel = "inference|usage|files|training|admin",
                description = "What it opens (default: what a tenant needs, which is all but admin).")
        private List<Scope> scopes = List.of(Scope.INFERENCE, Scope.USAGE, Scope.FILES, Scope.TRAINING);

        @Option(
                names = "--expires",
                paramLabel = "TIME|DATE",
                converter = Expiry.class,
                description = "When it ends: 30d or 12h from now, or the beginning of a day in UTC, such as 2027-01-31"
                        + " (default: never).")
        private Instant expires;

        @Mixin
        private LimitOptions limits;

        @Mixin
        private AdminOptions admin;

        @Mixin
        private Output output;

        @Override
        public Integer call() throws InterruptedException {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("tenant", tenant);
            ArrayNode words = body.putArray("scopes");
            scopes.forEach(scope -> words.add(scope.word()));
            limits.into(body);
            if (expires != null) {
                body.put("expires_at", expires.getEpochSecond());
            }
            showOnce(admin.client().post(PATH, body), output);
            return 0;
        }
    }

    @Command(name = "list", description = "All of them, without what is secret.", sortOptions = false)
    static final class Listing implements Callable<Integer> {
        @Option(names = "--tenant", paramLabel = "NAME", description = "Only those of this one.")
        private String tenant;

        @Mixin
        private AdminOptions admin;

        @Mixin
        private Output output;

        @Override
        public Integer call() throws InterruptedException {
            JsonNode answer = admin.client().get(tenant == null ? PATH : PATH + "?tenant=" + AdminClient.part(tenant));
            output.print(answer, out -> {
                Table table = new Table("ID", "TENANT", "SCOPES", "LIMITS", "CREATED (UTC)", "EXPIRES", "REVOKED");
                answer.path("data").forEach(key -> add(table, key));
                table.print(out);
            });
            return 0;
        }
    }

    @Command(name = "revoke", description = "End a key, in the whole pool within a second.", sortOptions = false)
    static final class Revoke implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "Of the key, as keys list tells it; not the key itself.")
        private String id;

        @Mixin
        private AdminOptions admin;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws InterruptedException {
            admin.client().post(path(id) + "/revoke", JsonNodeFactory.instance.objectNode());
            spec.commandLine().getOut().println("Revoked " + id + ".");
            return 0;
        }
    }

    @Command(
            name = "rotate",
            description = "Make a new key like an old one, which goes on for a while.",
            sortOptions = false)
    static final class Rotate implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "Of the old key.")
        private String id;

        @Option(
                names = "--grace",
                paramLabel = "TIME",
                converter = Seconds.class,
                description = "How long the old one still opens what it did (default: 1h; 0 for one that others know).")
        private Duration grace = Duration.ofHours(1);

        @Mixin
        private AdminOptions admin;

        @Mixin
        private Output output;

        @Override
        public Integer call() throws InterruptedException {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("grace_seconds", grace.toSeconds());
            showOnce(admin.client().post(path(id) + "/rotate", body), output);
            return 0;
        }
    }

    private static String path(String id) {
        return PATH + "/" + AdminClient.part(id);
    }

    /** The key alone goes to standard output, so that {@code KEY=$(…)} works. */
    private static void showOnce(JsonNode key, Output output) {
        output.print(key, out -> out.println(key.path("key").asText()));
        output.note("Key " + key.path("id").asText() + " of "
                + key.path("tenant").asText() + ". It is not shown again: keep it now.");
    }

    private static void add(Table table, JsonNode key) {
        table.add(
                key.path("id").asText(),
                key.path("tenant").asText(),
                Table.words(key.path("scopes"), "none"),
                Table.limits(key.path("limits")),
                Table.time(key.path("created_at")),
                Table.time(key.path("expires_at")),
                Table.time(key.path("revoked_at")));
    }
}

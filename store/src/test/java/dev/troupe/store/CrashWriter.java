package dev.troupe.store;

import java.util.List;

/** The program that {@link CrashTest} kills: appends without end and says of each when it is done. */
final class CrashWriter {
    static final String TENANT = "acme";
    static final String CONVERSATION = "conv_crash";

    private CrashWriter() {}

    public static void main(String[] arguments) {
        ConversationStore store = KilledProgram.open(arguments).conversations();
        long version = store.load(TENANT, CONVERSATION)
                .map(StoredConversation::version)
                .orElse(-1L);
        if (version < 0) {
            store.create(new StoredConversation(CONVERSATION, TENANT, 0, 0, "{}", List.of()));
            version = 0;
        }
        while (true) {
            // What was appended and not acknowledged before the crash is asked for again, as after any crash.
            String request = "r" + Math.max(0, version - 1);
            repeat(store, request, Math.max(0, version - 1));
            store.append(TENANT, CONVERSATION, "r" + version, version, turn("r" + version));
            System.out.println("r" + version);
            version++;
        }
    }

    private static void repeat(ConversationStore store, String request, long version) {
        if (version > 0
                && store.append(TENANT, CONVERSATION, request, version, turn(request))
                        != ConversationStore.Outcome.REPEATED) {
            throw new IllegalStateException(request + " is not known any more");
        }
    }

    private static List<StoredItem> turn(String request) {
        String text = "{\"text\":\"" + "word ".repeat(200) + "\"}";
        return List.of(
                new StoredItem(request + "-question", request, text),
                new StoredItem(request + "-answer", request, text));
    }
}

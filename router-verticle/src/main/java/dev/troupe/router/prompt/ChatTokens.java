package dev.troupe.router.prompt;

import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Spoken;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.models.tokenizer.Tokenizer;
import dev.troupe.router.api.ChatTurn;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A conversation as token ids. An answer stands there in the tokens in which the model said it, where they are known: a text that was sampled
 * is often read in other tokens than it was said in, and the prefix cache would not know the conversation again from there on.
 */
final class ChatTokens {
    /** Around what stands for an answer while the rest is rendered; of Unicode's private use. A conversation that has it is read as it is. */
    private static final char MARK = '\uE0B5';

    private final ServedModel model;

    ChatTokens(ServedModel model) {
        this.model = model;
    }

    TokenIds of(List<Item> history, List<ChatTurn> messages) {
        String text = render(history.stream().map(ChatTokens::turn), messages);
        return retold(text, history, messages)
                .orElseGet(() -> TokenIds.of(model.tokenizer().encode(text, true)));
    }

    private String render(Stream<ChatTurn> history, List<ChatTurn> messages) {
        return model.renderer().render(Stream.concat(history, messages.stream()).toList());
    }

    private static ChatTurn turn(Item item) {
        return turn(item, item.text());
    }

    private static ChatTurn turn(Item item, String text) {
        String role = item.role().equals("developer") ? "system" : item.role();
        return new ChatTurn(role, text, item.name());
    }

    /** @return empty when no answer's tokens are known, or when they would not be exactly the text */
    private Optional<TokenIds> retold(String text, List<Item> history, List<ChatTurn> messages) {
        List<Spoken> spoken = new ArrayList<>();
        List<ChatTurn> marked = new ArrayList<>();
        for (Item item : history) {
            Optional<Spoken> known = item.spoken().filter(this::isOurs);
            marked.add(known.isPresent() ? turn(item, mark(spoken.size())) : turn(item));
            known.ifPresent(spoken::add);
        }
        if (spoken.isEmpty() || text.indexOf(MARK) >= 0) {
            return Optional.empty();
        }
        String rest = render(marked.stream(), messages);
        TokenIds tokens = TokenIds.EMPTY;
        for (int i = 0; i < spoken.size(); i++) {
            int at = rest.indexOf(mark(i));
            if (at < 0) {
                return Optional.empty(); // the template leaves this answer out
            }
            tokens = tokens.concat(encode(rest.substring(0, at)))
                    .concat(spoken.get(i).tokens());
            rest = rest.substring(at + mark(i).length());
        }
        return Optional.of(tokens.concat(encode(rest))).filter(retold -> isExactly(text, retold));
    }

    private boolean isOurs(Spoken spoken) {
        return spoken.fingerprint().equals(model.card().fingerprint());
    }

    private static String mark(int index) {
        return MARK + Integer.toString(index) + MARK;
    }

    private TokenIds encode(String text) {
        return TokenIds.of(model.tokenizer().encode(text, true));
    }

    /** Tokens whose bytes, one after another, are the text are a reading of it; special ones are their own names. */
    private boolean isExactly(String text, TokenIds tokens) {
        Tokenizer tokenizer = model.tokenizer();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i) >= tokenizer.vocabSize()) {
                return false;
            }
            bytes.writeBytes(tokenizer.tokenBytes(tokens.get(i)));
        }
        return Arrays.equals(bytes.toByteArray(), text.getBytes(StandardCharsets.UTF_8));
    }
}

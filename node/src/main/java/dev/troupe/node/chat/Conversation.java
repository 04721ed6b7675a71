package dev.troupe.node.chat;

import dev.troupe.node.chat.ChatClient.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Reads lines, sends them with all that was said before, and prints the answers as they come. */
public final class Conversation {
    private final ChatClient client;
    private final String model;
    private final BufferedReader in;
    private final PrintStream out;
    private final List<Message> said = new ArrayList<>();

    /** @param system instructions that come before everything, or empty */
    public Conversation(ChatClient client, String model, String system, BufferedReader in, PrintStream out) {
        this.client = client;
        this.model = model;
        this.in = in;
        this.out = out;
        if (!system.isBlank()) {
            said.add(new Message("system", system));
        }
    }

    /** Talks until the input ends. */
    public void run() throws IOException, InterruptedException {
        out.println("Talking with " + model + ". Ctrl-C stops an answer, Ctrl-D ends the talk.");
        for (String line = prompt(); line != null; line = prompt()) {
            if (!line.isBlank()) {
                ask(line);
            }
        }
        out.println();
    }

    private String prompt() throws IOException {
        out.print("> ");
        out.flush();
        return in.readLine();
    }

    private void ask(String line) throws InterruptedException {
        said.add(new Message("user", line));
        try {
            String answer = client.complete(model, said, text -> {
                out.print(text);
                out.flush();
            });
            said.add(new Message("assistant", answer));
            out.println();
        } catch (IOException e) {
            // The question is taken back, so that it can be asked again.
            said.remove(said.size() - 1);
            out.println(System.lineSeparator() + "(no answer: " + e.getMessage() + ")");
        }
    }
}

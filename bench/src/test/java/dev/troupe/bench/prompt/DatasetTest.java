package dev.troupe.bench.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    @TempDir
    private Path folder;

    @Test
    void promptsAndMessagesLineByLineAndRoundAgain() throws IOException {
        Dataset dataset = Dataset.read(
                file(
                        """
                {"prompt": "say \\"hello\\""}

                {"messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}]}
                """));

        assertThat(dataset.size()).isEqualTo(2);
        assertThat(dataset.messages(0)).isEqualTo("[{\"role\":\"user\",\"content\":\"say \\\"hello\\\"\"}]");
        assertThat(dataset.messages(1)).contains("be brief");
        assertThat(dataset.messages(2)).isEqualTo(dataset.messages(0));
    }

    @Test
    void firstHumanTurnOfShareGpt() throws IOException {
        Dataset dataset = Dataset.read(
                file(
                        """
                [{"conversations": [{"from": "gpt", "value": "welcome"}, {"from": "human", "value": "one"}, {"from": "human", "value": "two"}]},
                 {"conversations": []}]
                """));

        assertThat(dataset.size()).isEqualTo(1);
        assertThat(dataset.messages(0)).contains("one");
    }

    @Test
    void whatIsNotUnderstoodIsNamedByItsLine() throws IOException {
        assertThatThrownBy(() -> Dataset.read(file("{\"prompt\": \"a\"}\n{\"prompt\": 3}\n")))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("prompts.jsonl, line 2")
                .hasMessageContaining("\"messages\"");
        assertThatThrownBy(() -> Dataset.read(file("{\"prompt\": \"a\"}\n\n{\"prompt\": \"b\n")))
                .hasMessageContaining("line 3")
                .hasMessageContaining("not JSON");
        assertThatThrownBy(() -> Dataset.read(file("[{\"conversations\": []}]")))
                .hasMessageContaining("no prompt");
        assertThatThrownBy(() -> Dataset.read(folder.resolve("none"))).hasMessageContaining("no such file");
        Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, 1});
        assertThatThrownBy(() -> Dataset.read(folder.resolve("bytes"))).hasMessageContaining("UTF-8");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("prompts.jsonl"), text);
    }
}

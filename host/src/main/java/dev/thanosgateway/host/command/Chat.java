package dev.thanosgateway.host.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * {@code thanos chat}: one message and its answer, or a conversation at a terminal. A process that Ctrl-C ends takes
 * its connection with it, which cancels the answer upstream; at a terminal Ctrl-C ends only the answer.
 */
final class Chat {
    private static final int MOST_BYTES = 32 << 20;
    private static final int CANCELLED = 130;

    private final Shell shell;
    private final HttpClient client = ChatCall.client();
    private final URI url;
    private final String key;
    private final String model;
    private final ArrayNode messages = JsonMapper.shared().createArrayNode();

    /**
     * @param root of the gateway's HTTP, with {@code /v1} or without
     * @param key empty = none
     */
    Chat(Shell shell, String root, String key, String model) throws UsageException {
        this.shell = shell;
        this.url = url(root);
        this.key = key;
        this.model = model;
    }

    private static URI url(String root) throws UsageException {
        try {
            URI url = URI.create(root.replaceFirst("/+$", "").replaceFirst("/v1$", "") + "/v1/chat/completions");
            if (url.getHost() != null && String.valueOf(url.getScheme()).matches("https?")) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the one sentence.
        }
        throw new UsageException("\"" + root + "\" is no address of a gateway: --url http://127.0.0.1:8080");
    }

    /**
     * @param message empty = from the standard input
     * @return the exit code
     */
    int run(String message) throws UsageException {
        if (message.isEmpty() && shell.terminal()) {
            return converse();
        }
        String said = message.isEmpty() ? piped() : message;
        if (said.isBlank()) {
            throw new UsageException("There is no message: thanos chat " + model + " \"Hello\", or pipe one in.");
        }
        return ask(said, new ChatCall(client, url, key)) ? Commands.DONE : Commands.FAILED;
    }

    private String piped() throws UsageException {
        try {
            byte[] bytes = shell.in().readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new UsageException("The message is longer than 32 MiB.");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UsageException("The message is not UTF-8 text.");
        } catch (IOException e) {
            throw new UsageException("The message cannot be read: " + e.getMessage());
        }
    }

    /** @return whether the answer is whole */
    private boolean ask(String said, ChatCall call) {
        messages.addObject().put("role", "user").put("content", said);
        StringBuilder answer = new StringBuilder();
        PrintStream out = shell.out();
        String failure = null;
        try {
            String finish = call.answer(model, messages, piece -> {
                answer.append(piece);
                out.print(piece);
                out.flush();
                if (out.checkError()) {
                    call.cancel(); // whoever read it has gone: nothing more is wanted
                }
            });
            if (!finish.equals("stop")) {
                failure = finish.isEmpty() ? null : "The answer ended early: " + finish + ".";
            }
            messages.addObject().put("role", "assistant").put("content", answer.toString());
        } catch (ChatCall.Failure e) {
            // A turn without its answer is none: the next one must follow a whole one.
            messages.remove(messages.size() - 1);
            failure = call.cancelled() ? "Cancelled." : String.valueOf(e.getMessage());
        }
        if (!answer.isEmpty() && answer.charAt(answer.length() - 1) != '\n') {
            out.println();
        }
        out.flush();
        if (failure != null) {
            shell.complain(failure);
        }
        return failure == null;
    }

    /** Line by line until the end of the input. */
    private int converse() throws UsageException {
        AtomicReference<@Nullable ChatCall> running = new AtomicReference<>();
        shell.interrupts().accept(() -> {
            ChatCall call = running.get();
            if (call == null) {
                Runtime.getRuntime().halt(CANCELLED);
            } else {
                call.cancel();
            }
        });
        shell.err().println(model + " at " + url.getAuthority() + "; Ctrl-C cancels an answer, Ctrl-D ends.");
        BufferedReader lines = new BufferedReader(new InputStreamReader(shell.in(), StandardCharsets.UTF_8));
        try {
            for (String line = prompt(lines); line != null; line = prompt(lines)) {
                if (!line.isBlank()) {
                    ChatCall call = new ChatCall(client, url, key);
                    running.set(call);
                    ask(line, call);
                    running.set(null);
                }
            }
        } catch (IOException e) {
            throw new UsageException("The terminal cannot be read: " + e.getMessage());
        }
        shell.out().println();
        return Commands.DONE;
    }

    private @Nullable String prompt(BufferedReader lines) throws IOException {
        shell.out().print("> ");
        shell.out().flush();
        return lines.readLine();
    }
}

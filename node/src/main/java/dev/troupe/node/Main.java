package dev.troupe.node;

import dev.troupe.bench.BenchCommand;
import dev.troupe.node.admin.KeysCommand;
import dev.troupe.node.admin.TenantsCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 done, 1 it could not be done, 2 the command was not understood. */
@Command(
        name = "troupe",
        description = "An OpenAI-compatible serving cluster for generative models on the JVM.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        subcommands = {
            ServeCommand.class,
            NodeCommand.class,
            ChatCommand.class,
            ModelsCommand.class,
            DoctorCommand.class,
            TrainImageCommand.class,
            TenantsCommand.class,
            KeysCommand.class,
            BenchCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        int code = commandLine().execute(args);
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::explain)
                .setExecutionExceptionHandler(Main::report);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what shall I do?");
    }

    private static int explain(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("troupe: " + e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)
                && command.getCommandSpec().parent() == null) {
            command.usage(err);
        } else {
            err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.USAGE;
    }

    private static int report(Exception e, CommandLine command, ParseResult parsed) throws Exception {
        RuntimeException explained = Failures.explained(e);
        if (explained instanceof UserError) {
            command.getErr().println("troupe: " + explained.getMessage());
            return ExitCode.SOFTWARE;
        }
        throw e;
    }
}

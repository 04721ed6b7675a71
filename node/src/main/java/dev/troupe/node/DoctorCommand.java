package dev.troupe.node;

import dev.troupe.cluster.ClusterOptions;
import dev.troupe.node.doctor.Doctor;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description = "Say whether this machine can run Troupe, and what to do if it cannot.",
        sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda:N",
            description = "Device to look at (default: ${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(names = "--port", description = "HTTP port to look at (default: ${DEFAULT-VALUE}).")
    private int port = 8080;

    @Option(names = "--cluster-port", description = "Cluster port to look at (default: ${DEFAULT-VALUE}).")
    private int clusterPort = ClusterOptions.DEFAULT_PORT;

    @Override
    public Integer call() {
        Natives.unpackInto(data.directory());
        boolean well = Doctor.examine(
                Doctor.checks(data.directory(), Natives.folder(data.directory()), device, port, clusterPort),
                spec.commandLine().getOut());
        return well ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}

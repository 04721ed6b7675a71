package dev.troupe.node;

import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.hub.ModelStatus;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "models", description = "Say which models there are, which are downloaded, and their licences.")
final class ModelsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Override
    public void run() {
        List<ModelStatus> models = new ModelHub(HubConfig.of(data.directory())).describe();
        PrintWriter out = spec.commandLine().getOut();
        for (ModelStatus model : models) {
            out.println(model.id() + (model.id().equals(ModelHub.DEFAULT_MODEL) ? " (default)" : ""));
            out.println("  what     " + model.description());
            out.println("  size     " + MemorySize.text(model.bytes()));
            out.println("  licence  " + model.licence());
            out.println("  where    " + model.path().map(Object::toString).orElse("not downloaded"));
        }
        out.println(
                "Also a GGUF file, a Hugging Face directory, or hf:organisation/repository[/file.gguf]: give it to --model.");
        out.flush();
    }
}

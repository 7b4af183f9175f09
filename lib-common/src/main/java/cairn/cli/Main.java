package cairn.cli;

/** The program. The only class that ends the process. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        CommandContext context = ProcessContext.of(args);
        int status = new Dispatcher(Registry.load()).run(context);
        System.exit(status);
    }
}

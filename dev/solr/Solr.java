import java.util.Properties;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Serves a folder of cores at http://127.0.0.1:PORT/solr until it is terminated: {@code Solr.java PORT HOME}. */
public class Solr {
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    JettyConfig config = JettyConfig.builder().setContext("/solr").setPort(port).build();
    JettySolrRunner server = new JettySolrRunner(arguments[1], new Properties(), config);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
    server.start();
    System.out.println("ready on port " + port);
    Thread.currentThread().join();
  }

  private static void stop(JettySolrRunner server) {
    try {
      server.stop();
    } catch (Exception error) {
      error.printStackTrace();
    }
  }
}

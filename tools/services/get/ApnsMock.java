import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.PushNotificationHandler;
import com.eatthepath.pushy.apns.server.PushNotificationHandlerFactory;
import com.eatthepath.pushy.apns.server.ValidatingPushNotificationHandlerFactory;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * The mock server of Pushy, which checks what Apple checks: token, topic, device, headers. Arguments: port, folder. The
 * folder has `tls.p12`; `certificate.pem` and `key.p8` are written into it, for who speaks to the server.
 */
public class ApnsMock {
  static final String PASSWORD = "password";
  static final String TOPIC = "app.damso";

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    Path folder = Path.of(arguments[1]);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(folder.resolve("tls.p12").toFile())) {
      store.load(in, PASSWORD.toCharArray());
    }
    X509Certificate certificate = (X509Certificate) store.getCertificate("tls");
    PrivateKey tls = (PrivateKey) store.getKey("tls", PASSWORD.toCharArray());
    Files.writeString(folder.resolve("certificate.pem"), pem("CERTIFICATE", certificate.getEncoded()));

    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    Files.writeString(folder.resolve("key.p8"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    ApnsVerificationKey key =
        new ApnsVerificationKey("KEY1234567", "TEAM123456", (ECPublicKey) pair.getPublic());

    PushNotificationHandlerFactory checks =
        new ValidatingPushNotificationHandlerFactory(
            Map.of(TOPIC, Set.of("a".repeat(64), "b".repeat(64))),
            Map.of("b".repeat(64), Instant.now().minusSeconds(60)),
            Map.of(key.getKeyId(), key),
            Map.of(key, Set.of(TOPIC)));
    new MockApnsServerBuilder()
        .setServerCredentials(new X509Certificate[] {certificate}, tls, PASSWORD)
        .setUseAlpn(true)
        .setHandlerFactory(
            session -> {
              PushNotificationHandler inner = checks.buildHandler(session);
              return (headers, payload) -> {
                inDer(headers);
                inner.handlePushNotification(headers, payload);
              };
            })
        .build()
        .start(port)
        .get();
    System.out.println("ready");
    Thread.currentThread().join();
  }

  /** The mock takes signatures in DER, where RFC 7518 and Apple have two numbers side by side. */
  static void inDer(Http2Headers headers) {
    CharSequence given = headers.get("authorization");
    if (given == null || !given.toString().startsWith("bearer ")) return;
    String[] parts = given.toString().substring(7).split("\\.");
    if (parts.length != 3) return;
    byte[] raw = Base64.getUrlDecoder().decode(parts[2]);
    if (raw.length != 64) return;
    byte[] der = sequence(integer(raw, 0), integer(raw, 32));
    String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(der);
    headers.set("authorization", "bearer " + parts[0] + "." + parts[1] + "." + signature);
  }

  static byte[] integer(byte[] raw, int from) {
    return tagged(2, new BigInteger(1, Arrays.copyOfRange(raw, from, from + 32)).toByteArray());
  }

  static byte[] sequence(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return tagged(0x30, both.toByteArray());
  }

  static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  static String pem(String kind, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }
}

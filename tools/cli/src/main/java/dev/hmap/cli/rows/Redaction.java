package dev.hmap.cli.rows;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows bytes as their number and a short hash. Equal bytes are shown equal within one run; the
 * hash is keyed with a secret that ends with the run, so that nobody can find a small number or a
 * known word by trying all.
 */
final class Redaction {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;
  private static final int SHOWN_BYTES = 6;

  private final Mac mac;

  Redaction() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Like {@code 5:3fa9c1e27b04}. */
  String of(byte[] bytes) {
    return bytes.length + ":" + HexFormat.of().formatHex(mac.doFinal(bytes), 0, SHOWN_BYTES);
  }
}

package dev.hmap;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts what another codec makes, each time to other bytes. Only for values. */
final class EncryptingCodec<T> implements Codec<T> {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecretKeySpec KEY = new SecretKeySpec(new byte[16], "AES");

  private final Codec<T> plain;

  EncryptingCodec(Codec<T> plain) {
    this.plain = plain;
  }

  @Override
  public String shape() {
    return "encrypted(" + plain.shape() + ")";
  }

  @Override
  public boolean isKey() {
    return false;
  }

  @Override
  public byte[] encode(T value) {
    byte[] nonce = new byte[NONCE_BYTES];
    ThreadLocalRandom.current().nextBytes(nonce);
    byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, nonce, plain.encode(value));
    byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + encrypted.length);
    System.arraycopy(encrypted, 0, all, NONCE_BYTES, encrypted.length);
    return all;
  }

  @Override
  public T decode(byte[] bytes, int offset, int length) {
    byte[] nonce = Arrays.copyOfRange(bytes, offset, offset + NONCE_BYTES);
    byte[] decrypted =
        cipher(
            Cipher.DECRYPT_MODE,
            nonce,
            Arrays.copyOfRange(bytes, offset + NONCE_BYTES, offset + length));
    return plain.decode(decrypted, 0, decrypted.length);
  }

  private static byte[] cipher(int mode, byte[] nonce, byte[] from) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, KEY, new GCMParameterSpec(TAG_BITS, nonce));
      return cipher.doFinal(from);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

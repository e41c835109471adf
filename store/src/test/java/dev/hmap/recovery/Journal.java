package dev.hmap.recovery;

import dev.hmap.format.PageLayout;
import dev.hmap.io.FileSystem;
import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.ForwardingStoreFile;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes note of each call that changes a file or makes it durable, in the order of the calls, and
 * can have one of them fail. In its words: {@code write data page 2}, {@code write log}, {@code cut
 * log}, {@code force data}, {@code delete log}, {@code force folder}. Thread-safe.
 */
public final class Journal extends ForwardingFileSystem {
  private final List<String> calls = new ArrayList<>();
  private String failing = "";
  private String message = "";

  /** Over another file system. */
  public Journal(FileSystem inner) {
    super(inner);
  }

  /** Has every such call fail from now on, with a message of the system's, and change nothing. */
  public synchronized void fail(String call, String withMessage) {
    failing = call;
    message = withMessage;
  }

  /** Has every call succeed from now on. */
  public void failNoMore() {
    fail("", "");
  }

  /** The calls since this was last asked for. */
  public synchronized List<String> takeCalls() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  private synchronized void note(String call) throws IOException {
    calls.add(call);
    if (call.equals(failing)) {
      throw new IOException(message);
    }
  }

  private static String nameOf(Path path) {
    String name = path.getFileName().toString();
    return name.endsWith("-log") ? "log" : name.equals("note") ? "note" : "data";
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    return new JournaledFile(super.open(path, mode), nameOf(path));
  }

  @Override
  public void delete(Path path) throws IOException {
    note("delete " + nameOf(path));
    super.delete(path);
  }

  @Override
  public void renameToNew(Path from, Path to) throws IOException {
    note("name " + nameOf(to));
    super.renameToNew(from, to);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    note("force folder");
    super.forceFolder(folder);
  }

  private final class JournaledFile extends ForwardingStoreFile {
    private final String name;

    JournaledFile(StoreFile inner, String name) {
      super(inner);
      this.name = name;
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      note("write " + (name.equals("data") ? "data page " + PageLayout.pageOf(position) : name));
      super.write(from, position);
    }

    @Override
    public void resize(long bytes) throws IOException {
      note("cut " + name);
      super.resize(bytes);
    }

    @Override
    public void force() throws IOException {
      note("force " + name);
      super.force();
    }
  }
}

package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of a codec that is hmap's own tells how many bytes its values have. */
class ShapesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "boolean                                | 1",
        "int                                    | 4",
        "uuid                                   | 16",
        "instant                                | 12",
        "enum(RED,GREEN)                        | 2",
        "record(id:long,score:int)              | 12",
        "record(at:instant,part:record(x:byte)) | 13",
      })
  void whatIsOfFixedWidthHasTheSumOfItsParts(String shape, int width) {
    assertThat(Shapes.width(shape)).hasValue(width);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "string",
        "bytes",
        "record(name:string,score:int)",
        "record(score:int,part:record(name:string))",
      })
  void onePartOfVariableWidthMakesTheWholeVariable(String shape) {
    assertThat(Shapes.width(shape)).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Long", // shapes are case-sensitive
        "long ",
        "somebody's own",
        "enum(RED",
        "record()",
        "record(id)",
        "record(:long)",
        "record(id:long",
        "record(id:long,)",
        "record(id:long, score:int)", // no blanks
        "record(id:secret)",
      })
  void ofAllOthersTheWidthIsNotKnown(String shape) {
    assertThat(Shapes.width(shape)).isEmpty();
  }
}

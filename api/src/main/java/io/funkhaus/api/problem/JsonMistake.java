package io.funkhaus.api.problem;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/**
 * What is wrong with a text that is not JSON, and how to mend it: for every caller that has sent
 * one, be it a request, a payload or a test event. The parser tells its reasons apart only by their
 * texts, so these are looked for; none of them is ever repeated, because they name its classes and
 * settings. A reason that is not known here is told in general words.
 */
public final class JsonMistake {

  private static final String UNKNOWN = "what stands there is not allowed in JSON";
  private static final String UNKNOWN_USE =
      ", which JSON does not allow there; leave it out, or put text in double quotes (\")";

  /** Only ASCII: of other characters, the parser knows but the first byte. */
  private static final Pattern FOUND = Pattern.compile("Unexpected character \\('([!-~])'.*");

  /** The first that fits the whole of the parser's text is taken. */
  private static final List<Wording> WORDINGS =
      List.of(
          of(
              "Duplicate Object property \"([!-~]{1,80})\"",
              "the name $1 is there twice in the same object; leave one of them out"),
          of(
              "Duplicate Object property.*",
              "a name is there twice in the same object; leave one of them out"),
          of(
              "Unexpected character \\('}'.*start property name",
              "a name was expected after the comma; leave the comma out"),
          of(".*start property name", "a name in double quotes (\") was expected"),
          of(".*expecting a colon.*", "a colon was expected after the name"),
          of(".*expecting comma to separate Object.*", "a comma or the closing } was expected"),
          of(".*expecting comma to separate Array.*", "a comma or the closing ] was expected"),
          of(".*comment\\?.*", "JSON has no comments; leave it out"),
          of(".*hex-digit.*", "four hexadecimal digits must follow \\u"),
          of(".*in numeric value: JSON spec.*", "a number has no plus sign; leave it out"),
          of(".*in numeric value.*", "a digit was expected, which the number needs to be complete"),
          of(".*root-level values", "nothing may follow the value; leave it out"),
          of(
              "Unexpected character.*expected a.* value.*",
              "a value was expected: text in double quotes (\"), a number, true, false, null,"
                  + " an object or an array"),
          of(
              "Unrecognized token '([!-~]{1,80})'.*",
              "$1 is not a value of JSON; put text in double quotes (\")"),
          of("Non-standard token '(.*)':.*", "JSON has no number $1; send null, or text"),
          of(".*Leading zeroes.*", "a number must not begin with a superfluous 0; leave it out"),
          of(
              "Unexpected end-of-input.*(?:in VALUE_STRING|string value|property name|for name|escape).*",
              "it ends within a text; the closing double quote is missing, and all that follows"),
          of(
              "Unexpected end-of-input.*marker for Array.*",
              "it ends before an array is closed by ]"),
          of(
              "Unexpected end-of-input.*marker for Object.*",
              "it ends before an object is closed by }"),
          of("Unexpected end-of-input.*", "it ends too early; a part of it is missing"),
          of(
              "Unexpected close marker '(.)': expected '(.)'.*",
              "there is $1 where $2 was expected"),
          of("Unexpected close marker '(.)': no open.*", "$1 closes nothing; leave it out"),
          of("Trailing token.*", "a second value follows the first; send one"),
          of(
              "Illegal unquoted character.*code 10\\).*",
              "a text has a line break in it; write it as \\n, and close the text on its line"),
          of(
              "Illegal unquoted character.*code (\\d+)\\).*",
              "a text has the control character $1 in it; escape it with \\u and four hexadecimal"
                  + " digits"),
          of(
              "Illegal character.*code (\\d+)\\).*",
              "the control character $1 stands between values; leave it out"),
          of(
              "Unrecognized character escape '([!-~])'.*",
              "\\$1 is not an escape of JSON; a backslash itself is written \\\\"),
          of("Unrecognized character escape.*", "a backslash itself is written \\\\"),
          of(
              "(?:Invalid UTF-8|Unexpected byte).*",
              "a character there is not UTF-8, or stands outside of double quotes (\")"),
          of(
              "Document nesting depth.*allowed \\((\\d+).*",
              "it is nested deeper than $1 levels, which are the most"),
          of(
              "Number value length.*allowed \\((\\d+).*",
              "a number is longer than $1 characters, which are the most; send it as text"),
          of(
              "String value length.*allowed \\((\\d+).*",
              "a text is longer than $1 characters, which are the most"),
          of(
              "Name length.*allowed \\((\\d+).*",
              "a name is longer than $1 characters, which are the most"));

  private JsonMistake() {}

  /** A clause for the end of a sentence, such as "a colon was expected after the name". */
  public static String of(JacksonException exception) {
    String text = String.valueOf(exception.getOriginalMessage());
    Optional<String> clause =
        WORDINGS.stream().flatMap(wording -> wording.clause(text).stream()).findFirst();
    Matcher found = FOUND.matcher(text);
    if (found.matches()) {
      return "there is "
          + found.group(1)
          + clause.map(known -> ", but " + known).orElse(UNKNOWN_USE);
    }
    return clause.orElse(UNKNOWN);
  }

  private static Wording of(String parser, String ours) {
    return new Wording(Pattern.compile(parser, Pattern.DOTALL), ours);
  }

  /** A text of the parser and ours for it, in which {@code $1} is what the parser found. */
  private record Wording(Pattern parser, String ours) {

    Optional<String> clause(String text) {
      Matcher matcher = parser.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      String clause = ours;
      for (int group = 1; group <= matcher.groupCount(); group++) {
        clause = clause.replace("$" + group, matcher.group(group));
      }
      return Optional.of(clause);
    }
  }
}

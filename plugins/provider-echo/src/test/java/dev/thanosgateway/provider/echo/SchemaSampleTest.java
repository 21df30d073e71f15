package dev.thanosgateway.provider.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaSampleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "{} | \"hi\"",
                "true | \"hi\"",
                "{'type':'string'} | \"hi\"",
                "{'type':['null','integer']} | 1",
                "{'type':'null'} | null",
                "{'type':'boolean'} | true",
                "{'type':'number'} | 1.5",
                "{'type':'number','exclusiveMinimum':0,'maximum':0.5} | 0.25",
                "{'type':'number','exclusiveMinimum':1.5} | 2.5",
                "{'type':'number','maximum':-3} | -4",
                "{'type':'integer','minimum':18,'maximum':99} | 18",
                "{'type':'integer','exclusiveMinimum':7} | 8",
                "{'type':'integer','maximum':-2} | -2",
                "{'type':'integer','minimum':10,'multipleOf':4} | 12",
                "{'type':'number','multipleOf':0.1} | 1.5",
                "{'const':{'a':[1,null,2.50]}} | {\"a\":[1,null,2.50]}",
                "{'const':null} | null",
                "{'enum':['red','green']} | \"red\"",
                "{'type':'string','format':'date'} | \"2026-01-01\"",
                "{'type':'string','maxLength':1} | \"h\"",
                "{'type':'string','minLength':4} | \"hi..\"",
                "{'type':'array','items':{'type':'integer'}} | [1]",
                "{'type':'array','items':{'type':'integer'},'minItems':3} | [1,1,1]",
                "{'type':'array','maxItems':0} | []",
                "{'type':'array','prefixItems':[{'type':'boolean'},{'type':'null'}]} | [true,null]",
                "{'type':'object','properties':{'a':{'type':'null'}}} | {}",
                "{'properties':{'a':{'type':'null'}},'required':['a','b']} | {\"a\":null,\"b\":\"hi\"}",
                "{'anyOf':[{'type':'null'},{'type':'integer'}]} | 1",
                "{'oneOf':[{'type':'boolean'},{'type':'integer'}]} | true",
                "{'$ref':'#/$defs/a~1b','$defs':{'a/b':{'type':'integer'}}} | 1",
                "{'allOf':[{'$ref':'#/$defs/x'},{'properties':{'b':{'type':'null'}},'required':['b']}],'$defs':{'x':"
                        + "{'type':'object','properties':{'a':{'type':'integer'}},'required':['a']}}}"
                        + " | {\"a\":1,\"b\":null}",
            })
    void aValueThatTheSchemaAllows(String schema, String value) throws Exception {
        assertThat(SchemaSample.of(new Json(schema.strip().replace('\'', '"')), "hi"))
                .isEqualTo(value.strip());
    }

    @Test
    void charactersOutsideTheFirstPlaneAreOneCharacterToALimit() throws Exception {
        assertThat(SchemaSample.of(new Json("{\"type\":\"string\",\"maxLength\":1}"), "\uD83D\uDE00!"))
                .isEqualTo("\"\uD83D\uDE00\"");
    }

    @Test
    void aSchemaThatRequiresItselfIsRefused() {
        assertRefused(
                "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}},\"required\":[\"next\"]}",
                ErrorKind.INVALID_REQUEST);
    }

    @Test
    void aSchemaThatRequiresTooMuchIsRefused() {
        assertRefused(
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/row\"},\"minItems\":1000,"
                        + "\"$defs\":{\"row\":{\"type\":\"array\",\"minItems\":1000}}}",
                ErrorKind.TOO_LARGE);
        assertRefused("{\"type\":\"string\",\"minLength\":1e12}", ErrorKind.TOO_LARGE);
    }

    @Test
    void aSchemaThatCannotBeFollowedIsRefused() {
        assertRefused("{\"$ref\":\"#/$defs/none\"}", ErrorKind.INVALID_REQUEST);
        assertRefused("{\"$ref\":\"https://example.com/schema\"}", ErrorKind.INVALID_REQUEST);
        assertRefused("{", ErrorKind.INVALID_REQUEST);
    }

    private static void assertRefused(String schema, ErrorKind kind) {
        assertThatThrownBy(() -> SchemaSample.of(new Json(schema), "hi"))
                .extracting("kind")
                .isEqualTo(kind);
    }
}

package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The faults a gateway meets, by the number they have where the project's reliability is described, and the tests that
 * break when the behaviour they ask for does. What no test covers says why.
 */
class FaultTableTest {
    /**
     * @param tests as class and method; none = it does not apply yet
     * @param open what is not covered, and why; empty = nothing
     */
    private record Fault(int number, String what, List<Covered> tests, String open) {}

    private record Covered(Class<?> type, String method) {}

    private static final Class<?> WIRE = UpstreamWireIT.class;
    private static final Class<?> UPSTREAM = UpstreamFaultsIT.class;
    private static final String FAULTS = "isAnErrorThatNamesTheProviderAndTheNextCallIsServed";
    private static final String NEXT = "anotherTargetIsAskedInstead";

    private static final List<Fault> TABLE = List.of(
            fault(1, "upstream refuses or resets before the first byte", "")
                    .by(UPSTREAM, "aRefusedConnectionIsUnavailableAtOnce")
                    .by(UPSTREAM, "aWholeAnswerFailsAs")
                    .by(WIRE, NEXT)
                    .fault(),
            fault(2, "reset after some bytes of a stream", "")
                    .by(WIRE, "aStreamCutAtAnyHundredthByteNeverLooksWhole")
                    .by(UPSTREAM, "aStreamThatFailsOnItsWayEndsWithOneErrorAndWithoutDone")
                    .by(UPSTREAM, "anErrorInThePacketOfTheFirstTextComesAfterItAndNobodyElseIsAsked")
                    .fault(),
            fault(3, "429 or 503 with Retry-After", "leaving a limited provider alone until then: with the breaker")
                    .by(UPSTREAM, "theUpstreamsOwnWordsAndRetryAfterReachTheCaller")
                    .by(WIRE, "theUpstreamsLimitsAndIdComeBackOnErrorsToo")
                    .fault(),
            fault(4, "slow headers", "").by(WIRE, FAULTS).by(WIRE, NEXT).fault(),
            fault(5, "drip", "")
                    .by(UPSTREAM, "dripsThatNeverBecomeAnEventAreATimeoutToo")
                    .by(UPSTREAM, "silenceIsATimeoutAfterTheLimitNotLater")
                    .by(WIRE, "aStreamThatDripsByteByByteWithMixedLineEndsIsExact")
                    .fault(),
            fault(6, "endless stream", "no limit of its bytes: it lasts until its reader or total_ms ends it")
                    .by(WIRE, "aStreamWithoutAnEndIsEndedWithoutDoneAfterItsTotalTime")
                    .by(WIRE, FAULTS)
                    .fault(),
            fault(7, "endless line", "")
                    .by(WIRE, "aStreamThatNeverSaysAnythingEnds")
                    .fault(),
            fault(8, "wrong length, bad chunks, floods of 1xx", "")
                    .by(WIRE, FAULTS)
                    .by(WIRE, "interimAnswersAreNone")
                    .by(WIRE, "aSecondAnswerIsNobodysNotEvenTheNextCallers")
                    .by(WIRE, "trailersEndABodyLikeAnyOther")
                    .by(UPSTREAM, "aWholeAnswerThatIsCutIsAnError")
                    .fault(),
            fault(9, "bad UTF-8, split characters", "")
                    .by(RelayIT.class, "aStreamCutInTwoAtAnyByteIsExact")
                    .by(WIRE, "whatIsNoUtf8InARelayedStreamGoesThroughUntouched")
                    .fault(),
            fault(10, "no JSON, HTML, nothing", "")
                    .by(UPSTREAM, "aWholeAnswerFailsAs")
                    .by(UPSTREAM, "aStreamFailsBeforeItBeginsAs")
                    .by(WIRE, "whatACompressedAnswerIsIsSaid")
                    .by(WIRE, "aWholeAnswerWithoutAFinishReasonHasStopped")
                    .fault(),
            fault(11, "certificates and TLS that must not be accepted", "")
                    .by(UpstreamTlsIT.class, "isRefusedWithTheReasonAndNothingIsSent")
                    .by(UpstreamTlsIT.class, "aTrustedCertificateForTheRightNameIsAccepted")
                    .fault(),
            fault(12, "DNS", "slow and changing DNS need a resolver of the test's own")
                    .by(UPSTREAM, "aNameThatDoesNotResolveIsUnavailable")
                    .fault(),
            fault(13, "partition", "dropped packets need a network namespace; here the connection stalls")
                    .by(UPSTREAM, "silenceIsATimeoutAfterTheLimitNotLater")
                    .by(ChaosIT.class, "betweenGatewayAndUpstreamNothingEverLooksWholeThatIsNot")
                    .fault(),
            fault(14, "client reads slowly", "")
                    .by(SlowReadersIT.class, "aThousandSlowReadersHoldUpstreamBackAndNobodyElse")
                    .fault(),
            fault(15, "client vanishes", "without a FIN: with a network namespace")
                    .by(RelayIT.class, "aClientThatLeavesAWholeAnswerCancelsUpstreamWithinASecond")
                    .by(RelayIT.class, "aClientThatLeavesAStreamCancelsUpstreamWithinASecond")
                    .by(ChaosIT.class, "betweenClientAndGatewayNothingEverLooksWholeThatIsNot")
                    .fault(),
            fault(16, "slow heads and bodies", "")
                    .by(SlowClientsIT.class, "headsAndBodiesThatDripAreCutAndOthersAreServedMeanwhile")
                    .by(SlowClientsIT.class, "whatBeginsAndSaysNoMoreIsCutAndWhoIsBetweenRequestsIsNot")
                    .fault(),
            fault(17, "giant heads", "")
                    .by(MalformedHttpIT.class, "whatIsTooLargeForAHeadIsToldSoAndClosed")
                    .fault(),
            fault(18, "giant bodies, lying lengths", "")
                    .by(BadInputIT.class, "aBodyOverTheLimitIsRefusedBeforeItIsSent")
                    .by(BadInputIT.class, "aChunkedBodyOverTheLimitIsRefusedOnItsWay")
                    .fault(),
            fault(19, "JSON bombs", "")
                    .by(MalformedJsonIT.class, "malformedJsonIsAnsweredInThePathsShapeAndNothingIsHeld")
                    .by(BadInputIT.class, "aBody100000DeepIsRefusedWithinMilliseconds")
                    .by(BadInputIT.class, "whatIsNoUtf8IsRefusedAndNeverSentOn")
                    .fault(),
            fault(20, "smuggling", "")
                    .by(SmugglingIT.class, "noneIsAnsweredTwice")
                    .by(BadInputIT.class, "requestsTwoServersCouldReadDifferentlyAreRefused")
                    .by(MalformedHttpIT.class, "malformedHttpIsAnsweredOrClosedAndNothingIsHeld")
                    .fault(),
            fault(21, "injection of header lines", "")
                    .by(MalformedJsonIT.class, "lineEndsInNamesReachNoHeaderAndNoFrame")
                    .fault(),
            fault(22, "injection of stream frames", "")
                    .by(MalformedJsonIT.class, "lineEndsInNamesReachNoHeaderAndNoFrame")
                    .fault(),
            fault(23, "HTTP/2 floods", "")
                    .by(Http2FloodIT.class, "aFloodClosesItsConnection")
                    .by(Http2FloodIT.class, "threeThousandConnectionsOfMutatedFramesHarmNothing")
                    .fault(),
            fault(24, "confusing paths", "")
                    .by(AccessIT.class, "noWayOfWritingAPathGetsPastTheKey")
                    .fault(),
            fault(25, "plugin throws", "its provider is set aside by the breaker like one whose upstream fails")
                    .by(HostilePluginIT.class, "whatItThrowsIsAnErrorThatNamesIt")
                    .fault(),
            fault(26, "plugin blocks", "")
                    .by(HostilePluginIT.class, "whereItLoopsOrBlocksOthersAreServedAndItsCallIsFailed")
                    .fault(),
            fault(27, "plugin spins", "")
                    .by(HostilePluginIT.class, "whereItLoopsOrBlocksOthersAreServedAndItsCallIsFailed")
                    .fault(),
            fault(28, "plugin leaks", "reported per plugin: with the plugin commands")
                    .fault(),
            fault(29, "plugin ends the process", "plugins are trusted code, see README: not prevented")
                    .fault(),
            fault(
                            30,
                            "plugin eats the heap",
                            "what is held for calls is bounded, what a plugin keeps is its own: not prevented")
                    .fault());

    private static final class Row {
        private Fault fault;

        private Row(Fault fault) {
            this.fault = fault;
        }

        Row by(Class<?> type, String method) {
            List<Covered> tests = new ArrayList<>(fault.tests());
            tests.add(new Covered(type, method));
            fault = new Fault(fault.number(), fault.what(), tests, fault.open());
            return this;
        }

        Fault fault() {
            return fault;
        }
    }

    private static Row fault(int number, String what, String open) {
        return new Row(new Fault(number, what, List.of(), open));
    }

    @Test
    void theTableIsWholeAndEveryTestItNamesIsThere() {
        assertThat(TABLE.stream().map(Fault::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 30).boxed().toList());
        for (Fault fault : TABLE) {
            assertThat(fault.tests().isEmpty() && fault.open().isEmpty())
                    .as(fault.number() + " " + fault.what())
                    .isFalse();
            for (Covered test : fault.tests()) {
                assertThat(Arrays.stream(test.type().getDeclaredMethods())
                                .filter(method -> method.getAnnotations().length > 0)
                                .map(Method::getName))
                        .as(fault.number() + " " + fault.what())
                        .contains(test.method());
            }
        }
    }
}

package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.robust.RulesModel.Outcome;
import cairn.robust.RulesModel.Rule;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every order of the steps of a writer, a forget and two prunes, with all rules and without each of them. */
class RulesModelTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withAllRulesNoBlobIsEverLost(boolean twoCopies) {
        Outcome outcome = RulesModel.search(EnumSet.allOf(Rule.class), twoCopies);
        assertFalse(outcome.lost());
        assertTrue(outcome.states() > 10_000, () -> outcome.states() + " states are no search");
    }

    @ParameterizedTest
    @EnumSource
    void withoutOneOfThemABlobCanBeLost(Rule rule) {
        EnumSet<Rule> rules = EnumSet.complementOf(EnumSet.of(rule));
        assertTrue(RulesModel.search(rules, false).lost() || RulesModel.search(rules, true).lost());
    }
}

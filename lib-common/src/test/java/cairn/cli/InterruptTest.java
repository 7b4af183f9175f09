package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptTest {
    private final List<Integer> halts = new ArrayList<>();
    private final Interrupt interrupt = new Interrupt(halts::add);
    private int told;

    @Test
    void withoutAGuardTheFirstSignalEndsTheProcess() {
        assertFalse(interrupt.raise());
        assertEquals(List.of(130), halts);
    }

    @Test
    void withAGuardTheFirstSignalTellsAndTheSecondEnds() {
        try (Interrupt.Guard guard = interrupt.guard(() -> told++)) {
            assertFalse(interrupt.raised());
            assertTrue(interrupt.raise());
            assertEquals(List.of(), halts);
            assertTrue(interrupt.raised());
            assertThrows(CairnException.class, interrupt::check);
            assertFalse(interrupt.raise());
        }
        assertEquals(1, told);
        assertEquals(List.of(130), halts);
    }

    @Test
    void aClosedGuardGuardsNoMore() {
        interrupt.guard(() -> told++).close();
        assertFalse(interrupt.raise());
        assertEquals(0, told);
    }

    @Test
    void aGuardThatComesLateIsToldAtOnce() {
        interrupt.raise();
        try (Interrupt.Guard guard = interrupt.guard(() -> told++)) {
            assertEquals(1, told);
        }
    }
}

package cairn.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** For options of type double that take a share such as {@code 5%} or {@code 0.1%}; gives 0 to 1. */
public final class PercentConverter implements ITypeConverter<Double> {
    @Override
    public Double convert(String value) {
        String digits = value.endsWith("%") ? value.substring(0, value.length() - 1) : value;
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.')) throw bad(value);
        double percent;
        try {
            percent = Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            throw bad(value);
        }
        if (percent > 100) throw bad(value);
        return percent / 100;
    }

    private static TypeConversionException bad(String value) {
        return new TypeConversionException("'" + value + "' is not a share between 0% and 100%");
    }
}

package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs the rules of a TCK: its tests, each of which is named by its number. */
final class Rules {
    private Rules() {}

    /** The numbers of those that fail, such as {@code X01}. */
    static Set<String> broken(Object tck) {
        return broken(tck, Set.of());
    }

    /** @param only the numbers of those that are run; empty = all */
    static Set<String> broken(Object tck, Set<String> only) {
        Set<String> broken = new TreeSet<>();
        for (Class<?> type = tck.getClass(); type != null; type = type.getSuperclass()) {
            for (Method rule : type.getDeclaredMethods()) {
                if (rule.isAnnotationPresent(Test.class) || rule.isAnnotationPresent(TestFactory.class)) {
                    String number = rule.getName()
                            .substring(0, rule.getName().indexOf('_'))
                            .toUpperCase(Locale.ROOT);
                    if ((only.isEmpty() || only.contains(number)) && !keeps(tck, rule)) {
                        broken.add(number);
                    }
                }
            }
        }
        return broken;
    }

    private static boolean keeps(Object tck, Method rule) {
        Object tests;
        try {
            tests = rule.invoke(tck);
        } catch (InvocationTargetException e) {
            return false;
        } catch (IllegalAccessException e) {
            throw new LinkageError("A rule cannot be run: " + rule, e);
        }
        if (rule.isAnnotationPresent(Test.class)) {
            return true;
        }
        List<DynamicTest> all = all(tests);
        assertThat(all).as(rule.getName()).isNotEmpty();
        for (DynamicTest test : all) {
            try {
                test.getExecutable().execute();
            } catch (Throwable e) {
                return false;
            }
        }
        return true;
    }

    private static List<DynamicTest> all(@Nullable Object tests) {
        Stream<?> each = tests instanceof List<?> list ? list.stream() : (Stream<?>) tests;
        List<DynamicTest> all = new ArrayList<>();
        if (each != null) {
            each.forEach(test -> all.add((DynamicTest) test));
        }
        return all;
    }
}

package dev.troupe.router.refine;

import dev.troupe.router.refine.Phrases.Found;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What may fill a place of a {@link Pattern}. */
interface Slot {
    /** @return each way to fill it from there; none when it cannot be */
    List<? extends Found<?>> at(List<Token> tokens, int from, Scene scene);

    Map<String, Slot> ALL = Map.ofEntries(
            Map.entry("what", ThingSlots::what),
            Map.entry("it", ThingSlots::it),
            Map.entry("many", ThingSlots::many),
            Map.entry("name", ThingSlots::name),
            Map.entry("known", ThingSlots::known),
            Map.entry("new", ThingSlots::anew),
            Map.entry("another", ThingSlots::another),
            Map.entry("subject", ThingSlots::subject),
            Map.entry("colour", LookSlots::colour),
            Map.entry("shade", LookSlots.oneOf(LookSlots.SHADES)),
            Map.entry("size", LookSlots.oneOf(LookSlots.SIZES)),
            Map.entry("setting", LookSlots::setting),
            Map.entry("when", LookSlots::when),
            Map.entry("style", LookSlots::style),
            Map.entry("relation", LookSlots::relation),
            Map.entry("number", LookSlots::number),
            Map.entry("ordinal", LookSlots::ordinal),
            Map.entry("picture", References::at),
            Map.entry("adjective", LookSlots::adjective),
            Map.entry("comparative", LookSlots::comparative),
            Map.entry("prompt", ThingSlots::prompt));

    static Slot named(String name) {
        return Optional.ofNullable(ALL.get(name)).orElseThrow(() -> new IllegalArgumentException("no slot " + name));
    }
}

"""Files of a laboratory as sessions. Readers give what a file holds and say what is odd in it; nothing is guessed or repaired."""

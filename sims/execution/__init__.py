"""How work is carried out: run directories opened and closed, pairs in processes, progress shown."""

"""The public interface for programs, one file per stage."""

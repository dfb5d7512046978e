"""What a person takes away from a run: workbook, briefing, slides, exchange file and pictures, as bytes."""
